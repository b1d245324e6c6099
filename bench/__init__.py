"""Load scenarios and their budgets: `make bench`."""
