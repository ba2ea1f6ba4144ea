"""WHERE, AND WHO MAY: consortium, hospitals, places, units, teams, contractors, roles, grants; the two walls."""
