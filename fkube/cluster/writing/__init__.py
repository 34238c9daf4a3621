"""What requests write: objects created, updated, patched, applied, scaled and deleted. Pure."""
