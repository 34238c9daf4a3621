"""Where manifests come from as data, and text to documents to resources."""
