"""What is kept for a while only: made room for ahead, forgotten in time."""
