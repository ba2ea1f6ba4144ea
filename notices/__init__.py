"""WHO HEARS: notices to people inside the site."""
