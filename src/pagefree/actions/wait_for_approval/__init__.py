"""Wait until somebody says yes or no."""
