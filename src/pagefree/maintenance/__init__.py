"""Planned work: while it is under way, its alerts tell nobody."""
