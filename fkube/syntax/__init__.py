"""Grammars and texts, which know nothing of resources: JSON, YAML, jsonpath, formats of Go."""
