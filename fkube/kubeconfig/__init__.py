"""From the content of kubeconfigs and the flags to a connection. Pure."""
