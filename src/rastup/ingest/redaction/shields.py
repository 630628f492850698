"""What is made of digits and is no personal data: ids, hashes, dates, times, prices, decimals, versions, network hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span

_SHIELDS = re.compile(
    r"""
    (?=[\d$€£¥₹+\-]|(?<![a-z])[a-z])(?:  # a try at each letter of a word would be what most of the time goes to
      (?<![\w\-])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![\w\-])  # UUID
    | (?<![\w])[a-z]{1,12}_(?=[a-z_]{0,64}\d)[0-9a-z_]{6,}  # prefixed id: lbg_01HZ…
    | (?<![\w])(?=[0-9a-f]*[a-f])[0-9a-f]{16,128}(?![\w])  # hash
    | (?<![\d.\-/+])\d{4}([\-/.])(?:0?[1-9]|1[0-2])\1(?:[0-2]?\d|3[01])(?!\d)(?![\-/.]\d)  # date …
        (?:[T ]?\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\ ?(?:Z|UTC|[+\-]\d{2}:?\d{2}))?(?!\d))?  # … and time
    | (?<![\d.\-/+])(?<!\+\d\ )(?<!\+\d\d\ )(?<!\+\d{3}\ )
        (?:[0-2]?\d|3[01])([\-/.])(?:[0-2]?\d|3[01])\2(?:19|20)?\d{2}(?![.\-/]?\d)  # date the other way round
    | (?<![\d.])[0-3]?\d\.\ [01]?\d\.\ ?(?:19|20)\d\d(?!\d)  # date, German
    | (?<![\d:.])\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,9})?(?![\d:])  # time
    | (?<![\d.,])(?:19|20)\d{2}\ ?-\ ?(?:19|20)\d{2}(?![\d\-])  # years
    | (?:[$€£¥₹]|(?<![a-z])(?:usd|eur|gbp|cad|aud|mxn|chf|jpy|inr)\ ?)\ ?-?\d[\d.,]*(?:\ \d{3})*(?![\d])  # price
    | (?<![\d.,+])\d{1,3}(?:\ \d{3}){1,4}(?:,\d{1,2})?(?=\ ?(?:[€£$¥]|eur|usd|kr|zł|ft|kč|руб))  # price with spaces
    | (?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])  # number in thousands
    | (?<![\d.\w+])(?!\+\d{1,3}\.\d{7}|0\d)[+\-]?\d+\.\d{5,}(?![\d.]\d?)  # decimal, coordinate
    | (?<![\d.])[+\-]?\d{1,3}\.\d{3,4}\ ?,\ ?[+\-]?\d{1,3}\.\d{3,4}(?![\d.])  # coordinates, coarse
    | (?<![\w.+])(?!\d{4}(?:\.\d{4}){2}\.\d{2,4}\b|\d{3}\.\d{4}\.\d{4,5}\.\d{3,4}\b|0\d{1,3}(?:\.\d\d){3,4}\b
          |1\.\d{3}\.\d{3}\.\d{4}\b)
        v?\d{1,5}(?:\.\d{1,6}){3,}(?![\w])  # version, network address; no card and no telephone with dots
    | (?<=[a-z]/)\d+(?:\.\d+)+  # version of a program
    | (?<![\w])0x[0-9a-f]+
    | (?<![\w\-])\d{3}-\d{7}-\d{7}(?![\w\-])  # order number, Amazon
    | (?<![\w\-])97[89][\- ]?(?:\d[\- ]?){9}\d(?![\d\-])  # ISBN
    | (?<![\w])1Z\ ?[0-9A-Z]{3}\ ?[0-9A-Z]{3}\ ?[0-9A-Z]{2}\ ?(?:[0-9A-Z]{4}\ ?){2}(?![\w])  # tracking number
    | (?<![\w])[A-Z]{2}\d{9}[A-Z]{2}(?![\w])  # tracking number, postal union
    | (?<![\w\-])(?<!\d\ )(?:420\ ?\d{5}\ ?)?9[1-5]\d\d(?:\ ?\d{4}){4}(?:\ ?\d{1,2})?(?![\w])  # the same, by USPS
    )
    """,
    re.X | re.I,
)


def find(text: str) -> Iterator[Span]:
    """Where there are numbers that nobody can be reached or charged by."""
    return (match.span() for match in _SHIELDS.finditer(text))
