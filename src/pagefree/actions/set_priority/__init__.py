"""Change the priority or the urgency of the incident."""
