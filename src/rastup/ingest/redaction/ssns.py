"""Social security numbers of the United States, and the taxpayer numbers of the same form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span, after, before

_AREA = r"(?:(?!000|666|9)\d{3}|9\d\d(?=[ .\-](?:5|6|7|8|9[0-24-9])))"
_GROUPED = re.compile(
    rf"(?<![\w\-.+/])(?<!\d[ ,]){_AREA}([ .\-])(?!00)\d{{2}}\1(?!0000)\d{{4}}(?!\w)(?![\-.]\d)"
)
_BETWEEN = r"(?:\s?[.\-/_]\s?|\s{1,2})?"
_TOLD = re.compile(
    rf"(?<![\w\-.+/])(?!000|666|9)\d{{3}}{_BETWEEN}(?!00)\d{{2}}{_BETWEEN}(?!0000)\d{{4}}(?![\w\-])(?!\.\d)"
)
_NAME = r"(?:(?<![a-z])(?:ssn|ssan|s\.s\.n\.?|itin)(?![a-z])|social security|social sec|soc sec)"
_WORD = re.compile(
    rf"(?:{_NAME}|(?<![a-z])social)[\s.:=#(\"']*(?:(?:number|numbers|no|num|nr|is|ends?|was|as|the|of)\b[\s.:=#(\"']*)*$",
    re.I,
)
_WORD_BEHIND = re.compile(
    rf"[\s,(\-]{{0,3}}(?:(?:is|was|as|my|his|her|their|the|for|us)\s){{0,3}}{_NAME}", re.I
)


def find(text: str) -> Iterator[Span]:
    """Where there are social security numbers; without separators only after a word that says so."""
    for match in _GROUPED.finditer(text):
        yield match.span()
    for match in _TOLD.finditer(text):
        if _WORD.search(before(text, match.start())) or _WORD_BEHIND.match(after(text, match.end(), 40)):
            yield match.span()
