"""Measures RastUp's promises of speed, each beside something that does the same work in the same minutes."""
