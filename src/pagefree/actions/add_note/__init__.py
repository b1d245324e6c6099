"""Write into the timeline of the incident."""
