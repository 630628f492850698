"""Pages: one module a place of the navigation."""
