"""Pages of checklists, plans and rounds."""
