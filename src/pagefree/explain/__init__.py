"""Who would be paged, when, how and why; and after the fact, why somebody was or was not."""
