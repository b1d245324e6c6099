"""Page somebody for the incident."""
