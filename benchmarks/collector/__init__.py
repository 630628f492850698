"""The collector under load, and Benthos doing the same work beside it."""
