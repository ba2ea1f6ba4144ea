"""THE OFFICE: pages to arrange hospitals, places, units, people, roles and grants. Has no models."""
