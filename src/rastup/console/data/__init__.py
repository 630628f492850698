"""Where the console gets its figures: one consistent snapshot a request."""
