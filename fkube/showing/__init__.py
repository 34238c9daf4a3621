"""What people see of objects: columns, order, and what is masked."""
