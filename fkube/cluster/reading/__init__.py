"""What requests read: which objects they select, in which form, and in which pages. Pure."""
