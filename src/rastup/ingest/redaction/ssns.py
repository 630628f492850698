"""Social security numbers of the United States, and the taxpayer numbers of the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span, before

_AREA = r"(?:(?!000|666|9)\d{3}|9\d\d(?=[ .\-](?:5|6|7|8|9[0-24-9])))"
_GROUPED = re.compile(
    rf"(?<![\w\-.+/])(?<!\d[ ,]){_AREA}([ .\-])(?!00)\d{{2}}\1(?!0000)\d{{4}}(?!\w)(?![\-.]\d)"
)
_BARE = re.compile(r"(?<![\w\-.+/])(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}(?![\w\-])(?!\.\d)")
_WORD = re.compile(
    r"(?:(?<![a-z])(?:ssn|ssan|s\.s\.n\.?|itin)|social security(?: (?:number|no|num|nr|#))?|social sec|soc sec)"
    r"[\s.:=#]*(?:(?:number|no|num|is|ends?|was)[\s.:=#]*)*$",
    re.I,
)


def find(text: str) -> Iterator[Span]:
    """Where there are social security numbers; without separators only after a word that says so."""
    for match in _GROUPED.finditer(text):
        yield match.span()
    for match in _BARE.finditer(text):
        if _WORD.search(before(text, match.start())):
            yield match.span()
