"""From the content of kubeconfigs and the flags to a connection, and what is wrong with them. Pure."""
