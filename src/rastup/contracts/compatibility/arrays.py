"""Arrays: `prefixItems`, `items`, `uniqueItems`, `contains` with its counts, `unevaluatedItems`."""

from __future__ import annotations

from collections.abc import Iterator

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.fingerprints import fingerprint
from rastup.contracts.compatibility.nodes import Contained, Flat, Node
from rastup.contracts.compatibility.rules import Questions, Rule, is_met
from rastup.contracts.compatibility.sizes import largest, smallest


def entries(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """Every entry of the sender has to be one of the reader's."""
    flat = ask.flat(sender)
    if "array" not in flat.types:
        return
    longest = largest(ask, flat, "Items")
    for row in wanted.rows:
        # Behind the last entry that either side describes by itself, all are alike.
        for index in range(max(len(row.prefix), flat.prefix_length()) + 1):
            reader = row.of(index)
            if reader is not None and (longest is None or index < longest):
                yield from ask.gaps(flat.entry(index), reader, is_strict=is_strict)


def uniqueness(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """Where the reader takes no entry twice, the sender may send none twice."""
    flat = ask.flat(sender)
    longest = largest(ask, flat, "Items")
    if "array" not in flat.types or any(flat.values("uniqueItems")) or (longest is not None and longest < 2):
        return
    for term in wanted.all("uniqueItems"):
        if term.value and not is_met(ask, sender, term):
            advice = "leave `uniqueItems` out and drop what comes twice when reading"
            reasons = "an entry may not come twice any more", "an entry may come twice now"
            yield Gap(term.at, flat.where("uniqueItems"), *reasons, advice)


def containing(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """`contains`: what the reader wants to find, at least and at most so often."""
    flat = ask.flat(sender)
    if "array" not in flat.types:
        return
    for one in wanted.contained:
        at = f"{one.owner.pointer}/contains"
        if one.lowest > 0 and not _has_enough(ask, flat, one):
            asked = f"{one.lowest} or more entries of a kind"
            advice = "leave `contains` or the raised `minContains` out"
            yield Gap(
                at, f"{flat.at}/contains", f"{asked} are asked for now", f"{asked} are no must now", advice
            )
        if one.highest is not None and not _has_few(ask, flat, one):
            asked = f"more than {one.highest} entries of a kind"
            advice = "leave `maxContains` out or as high as it was"
            yield Gap(
                f"{one.owner.pointer}/maxContains",
                f"{flat.at}/maxContains",
                f"{asked} are refused now",
                f"{asked} are taken now",
                advice,
            )


def _has_enough(ask: Questions, flat: Flat, wanted: Contained) -> bool:
    for one in flat.contained:
        node = Node((one.place,), depth=flat.depth + 1)
        if one.lowest >= wanted.lowest and ask.takes_all(node, wanted.place):
            return True
    entries_ = [flat.entry(index) for index in range(flat.prefix_length() + 1)]
    return smallest(flat, "Items") >= wanted.lowest and all(
        ask.takes_all(entry, wanted.place) for entry in entries_
    )


def _has_few(ask: Questions, flat: Flat, wanted: Contained) -> bool:
    most, highest = largest(ask, flat, "Items"), wanted.highest or 0
    if most is not None and most <= highest:
        return True
    node = Node((wanted.place,), depth=flat.depth + 1)
    for one in flat.contained:
        if one.highest is not None and one.highest <= highest and ask.takes_all(node, one.place):
            return True
    entries_ = [flat.entry(index) for index in range(flat.prefix_length() + 1)]
    matching = [index for index, entry in enumerate(entries_) if not ask.is_empty(entry.joined(wanted.place))]
    # The last of them stands for all that follow, which may be any number.
    return flat.prefix_length() not in matching and len(matching) <= highest


def unevaluated(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """Unevaluated parts that depend on branches are compared as they are written, with all that they depend on."""
    flat = ask.flat(sender)
    for term in wanted.all("unevaluatedItems", "unevaluatedProperties"):
        kind = "array" if term.keyword == "unevaluatedItems" else "object"
        same = [t for t in flat.all(term.keyword) if fingerprint(t.place) == fingerprint(term.place)]
        if kind in flat.types and not (same and fingerprint(term.place)):
            reason = f"what {term.keyword} refuses cannot be compared, and may be more now"
            advice = f"leave `{term.keyword}` and the branches beside it as they were"
            yield Gap(
                term.at, flat.where(term.keyword), reason, f"{term.keyword} may refuse less now", advice
            )


RULES: tuple[Rule, ...] = (entries, uniqueness, containing, unevaluated)
