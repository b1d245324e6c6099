"""Taking in what monitoring tools send: stored first, answered after the commit."""
