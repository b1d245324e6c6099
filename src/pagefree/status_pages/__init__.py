"""Status pages: what everybody outside may know."""
