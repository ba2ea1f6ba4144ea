"""Pages of the engine, one module per face: ask, work, desk, record."""
