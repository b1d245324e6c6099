"""How people are told: their rules, what was sent to whom, and what became of it."""
