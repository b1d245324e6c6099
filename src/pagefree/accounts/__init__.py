"""People, teams, how people sign in and how they are reached."""
