"""The web console: pages, cards and their JSON and CSV."""
