"""A synthetic event that goes all the way every minute, and who is told when it does not."""
