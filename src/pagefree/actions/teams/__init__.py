"""Write into a channel of Microsoft Teams."""
