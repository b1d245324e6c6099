"""From what an audience sees of a page to bytes: pages, JSON, feeds, calendar, badges."""
