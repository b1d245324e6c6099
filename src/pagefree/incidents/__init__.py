"""What people are paged for: opening, joining, acknowledging, resolving and everything between."""
