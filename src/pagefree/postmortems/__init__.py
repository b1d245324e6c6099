"""What was learned from incidents: reports, written together, and what is to be done."""
