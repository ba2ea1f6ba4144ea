"""Pages of rosters, duties, absences and skills."""
