"""Ingest: collector, redaction, spool, lander, quarantine and replay, import."""
