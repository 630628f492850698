"""Texts: `pattern` and `format`."""

from __future__ import annotations

from collections.abc import Iterator

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.nodes import Flat, Node
from rastup.contracts.compatibility.patterns import includes
from rastup.contracts.compatibility.rules import Questions, Rule, is_met

# Formats that the validator asserts, each with those whose texts it takes too. Any other format is only a remark.
FORMATS: dict[str, frozenset[str]] = {
    **{
        name: frozenset()
        for name in ("date-time", "date", "time", "duration", "ipv4", "ipv6", "uuid", "regex")
    },
    **{name: frozenset() for name in ("email", "hostname", "uri", "json-pointer", "relative-json-pointer")},
    "uri-template": frozenset(),
    "idn-email": frozenset({"email"}),
    "idn-hostname": frozenset({"hostname"}),
    "uri-reference": frozenset({"uri"}),
    "iri": frozenset({"uri"}),
    "iri-reference": frozenset({"uri", "uri-reference", "iri"}),
}


def patterns(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """Every text of the sender has to match the reader's pattern."""
    flat = ask.flat(sender)
    if "string" not in flat.types:
        return
    given = flat.values("pattern")
    for term in wanted.all("pattern"):
        if any(includes(term.value, one) for one in given) or is_met(ask, sender, term):
            continue
        if given:
            narrowed = f"pattern went from {given[0]} to {term.value}"
            widened = f"pattern went from {term.value} to {given[0]}"
            advice = f"keep `pattern` at {given[0]}, or write one that takes every text which that takes"
        else:
            narrowed, widened = f"pattern {term.value} was added", f"pattern {term.value} was removed"
            advice = "leave `pattern` out"
        yield Gap(term.at, flat.where("pattern"), narrowed, widened, advice)


def formats(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """Every text of the sender has to be of the reader's format."""
    flat = ask.flat(sender)
    if "string" not in flat.types:
        return
    given = [name for name in flat.values("format") if name in FORMATS]
    for term in wanted.all("format"):
        name = term.value
        if name not in FORMATS or {name, *FORMATS[name]} & set(given) or is_met(ask, sender, term):
            continue
        if given:
            narrowed, widened = (
                f"format went from {given[0]} to {name}",
                f"format went from {name} to {given[0]}",
            )
        else:
            narrowed, widened = f"format {name} was added", f"format {name} was removed"
        advice = f"keep `format` {given[0]}" if given else "leave `format` out"
        yield Gap(term.at, flat.where("format"), narrowed, widened, advice)


RULES: tuple[Rule, ...] = (patterns, formats)
