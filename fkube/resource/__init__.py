"""What travels through a visit, and why it can not: values of one resource, its names, its errors."""
