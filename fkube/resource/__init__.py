"""Values of one resource: the object and its origin, names and selectors, and its errors."""
