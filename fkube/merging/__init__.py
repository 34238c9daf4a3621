"""What changes an object into another: patches, field sets, the configuration that was last applied."""
