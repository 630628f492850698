"""Charts: inline SVG, drawn on the server."""
