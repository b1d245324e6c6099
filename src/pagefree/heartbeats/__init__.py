"""Heartbeats: what pings when it has done its work, and the alert when it does not."""
