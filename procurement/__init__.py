"""PROCUREMENT: the department that buys and stores, and from which the others order."""
