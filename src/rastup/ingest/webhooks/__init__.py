"""Webhooks: what providers tell us, verified, reduced to what a mapping names, and taken as domain events."""
