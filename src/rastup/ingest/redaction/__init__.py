"""Redaction of free text: what looks like personal data is replaced by its kind in brackets, and counted.

Kinds: `email`, `url_token` (a secret in a URL), `iban` (mod 97), `card` (Luhn, issuer), `ssn`, `phone`, `address` (of a
street). A cheap look decides whether anything else runs, because almost no text holds any of them. Each kind has a room of
its own; `shields` keeps ids, hashes, dates, prices, coordinates and versions from being taken for something else.
"""

from rastup.ingest.redaction.texts import KINDS, Redaction, redact
from rastup.ingest.redaction.values import Redactor

__all__ = ["KINDS", "Redaction", "Redactor", "redact"]
