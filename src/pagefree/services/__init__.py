"""What is monitored, who owns it, and the configured sources of its alerts."""
