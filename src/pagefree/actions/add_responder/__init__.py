"""Ask somebody for help with the incident."""
