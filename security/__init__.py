"""SECURITY: guards, fire safety, keys and incidents."""
