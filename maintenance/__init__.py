"""MAINTENANCE: repairs on buildings, plant and medical devices; an asset's repair history and cost."""
