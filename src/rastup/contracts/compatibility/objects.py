"""Objects: fields, closed and restricted ones, `required`, `dependentRequired`, `propertyNames`."""

from __future__ import annotations

from collections.abc import Iterator

from rastup.contracts.compatibility.changes import Gap
from rastup.contracts.compatibility.documents import Place, escaped
from rastup.contracts.compatibility.nodes import Flat, Node, Shape, Term
from rastup.contracts.compatibility.rules import Questions, Rule, is_met


def required(ask: Questions, sender: Node, wanted: Flat, _is_strict: bool) -> Iterator[Gap]:
    """What the reader requires the sender has to require too."""
    flat = ask.flat(sender)
    if "object" not in flat.types:
        return
    for term in wanted.all("required"):
        for name in sorted(set(term.value) - flat.required()):
            yield required_gap(flat, term.at, name)


def required_gap(sender: Flat, at: str, name: str) -> Gap:
    """The gap of a field that has to be there."""
    advice = f"leave `{name}` optional and let readers do without it"
    reasons = f"{name} is required now", f"{name} is optional now"
    return Gap(at, sender.where("required"), *reasons, advice, required=name)


def fields(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """Every field that the sender may send has to be one that the reader takes."""
    flat = ask.flat(sender)
    if "object" not in flat.types:
        return
    sent = {name for shape in flat.shapes for name in shape.properties} | flat.required()
    for shape in wanted.shapes:
        if shape.is_loose:
            continue
        for name in sorted(sent | shape.properties.keys()):
            is_unnamed = not (flat.names(name) or is_strict or name in flat.named_later)
            yield from _field(ask, flat, shape, name, is_unnamed, is_strict)
        yield from _others(ask, flat, shape, is_strict)


def _field(
    ask: Questions, flat: Flat, shape: Shape, name: str, is_unnamed: bool, is_strict: bool
) -> Iterator[Gap]:
    child = flat.child(name)
    if ask.is_empty(child):
        return
    at = next((s.at for s in flat.shapes if name in s.properties), flat.at)
    field = f"{at}/properties/{escaped(name)}"
    for place in shape.of(name):
        if shape.names(name):
            if not is_unnamed:
                yield from ask.gaps(child, place, is_strict=is_strict)
            elif ask.is_empty(Node((place,))):
                advice = f"leave `{name}` out: unknown fields are flagged and kept"
                yield Gap(place.pointer, field, f"{name} is refused now", f"{name} is taken now", advice)
        elif ask.is_empty(Node((place,))):
            advice = f"keep `{name}` among the properties"
            reasons = f"{name} is not taken any more", f"{name} is taken now"
            yield Gap(place.pointer, field, *reasons, advice, field)
        else:
            yield from ask.gaps(child, place, is_strict=is_strict)


def _others(ask: Questions, flat: Flat, shape: Shape, is_strict: bool) -> Iterator[Gap]:
    """Fields that the sender does not name: those that match a pattern, and the rest."""
    rest = flat.others()
    patterns = {pattern for s in flat.shapes for pattern in s.patterns}
    for pattern, place in shape.patterns.items():
        if place is None:
            continue
        if pattern in patterns:
            yield from ask.gaps(_matching(flat, {pattern}), place, is_strict=is_strict)
            continue
        for senders in [rest, *(_matching(flat, {p}) for p in sorted(patterns))]:
            yield from _restricted(
                ask, senders, place, f"fields that match {pattern} are restricted now", is_strict
            )
    if shape.additional is None:
        return
    closed = ask.is_empty(Node((shape.additional,)))
    reason = "the object is closed now" if closed else "other fields are restricted now"
    unmatched = [_matching(flat, {p}) for p in sorted(patterns - shape.patterns.keys())]
    for senders in [rest, *unmatched]:
        yield from _restricted(ask, senders, shape.additional, reason, is_strict)


def _matching(flat: Flat, patterns: set[str]) -> Node:
    places = (shape.patterns.get(pattern) for shape in flat.shapes for pattern in sorted(patterns))
    return Node(at=f"{flat.at}/patternProperties", depth=flat.depth + 1).joined(*places)


def _restricted(ask: Questions, sender: Node, reader: Place, reason: str, is_strict: bool) -> Iterator[Gap]:
    if ask.is_empty(sender):
        return
    if sender.places:
        yield from ask.gaps(sender, reader, is_strict=is_strict)
    elif not ask.takes_all(sender, reader):
        widened = "the object is open now" if "closed" in reason else reason.replace("restricted", "free")
        yield Gap(reader.pointer, sender.at, reason, widened, "leave the object open")


def names(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """`propertyNames`: every name that the sender may send has to be one that the reader takes."""
    flat = ask.flat(sender)
    if "object" not in flat.types:
        return
    given = Node(types=frozenset(["string"]), depth=flat.depth + 1).joined(
        *(_names_of(term) for term in flat.all("propertyNames"))
    )
    for term in wanted.all("propertyNames"):
        reader = _names_of(term)
        if ask.takes_all(given, reader) or _are_taken(ask, flat, reader):
            continue
        advice = "leave `propertyNames` as it was"
        if given.places:
            yield from ask.gaps(given, reader, is_strict=is_strict)
        else:
            reasons = "names of fields are restricted now", "names of fields are free now"
            yield Gap(term.at, flat.where("propertyNames"), *reasons, advice)


def _names_of(term: Term) -> Place:
    return term.place.below("propertyNames")


def _are_taken(ask: Questions, flat: Flat, reader: Place) -> bool:
    """Whether the names are known, all of them, and are taken."""
    if any(shape.patterns for shape in flat.shapes) or not ask.is_empty(flat.others()):
        return False
    sent = {name for shape in flat.shapes for name in shape.properties}
    return all(reader.is_valid(name) or ask.is_empty(flat.child(name)) for name in sent)


def dependent(ask: Questions, sender: Node, wanted: Flat, is_strict: bool) -> Iterator[Gap]:
    """`dependentRequired`: what has to be there beside another field."""
    flat = ask.flat(sender)
    if "object" not in flat.types:
        return
    for term in wanted.all("dependentRequired"):
        if is_met(ask, sender, term):
            continue
        for name, others in sorted(term.value.items()):
            if not may_send(ask, flat, name, is_strict):
                continue
            there = _implied(flat, name)
            for other in sorted(set(others) - there):
                reasons = f"{other} is required beside {name} now", f"{other} is optional beside {name} now"
                advice = f"leave `{other}` optional"
                yield Gap(f"{term.at}/{escaped(name)}", flat.where("dependentRequired"), *reasons, advice)


def may_send(ask: Questions, flat: Flat, name: str, is_strict: bool) -> bool:
    """Whether the sender may send a field of that name, as far as its contract says."""
    is_named = flat.names(name) or name in flat.named_later or is_strict
    return is_named and not ask.is_empty(flat.child(name))


def _implied(flat: Flat, name: str) -> set[str]:
    """The fields that are there when that one is."""
    found, waiting = set(flat.required()), [name, *flat.required()]
    while waiting:
        one = waiting.pop()
        found.add(one)
        more = {other for lists in flat.values("dependentRequired") for other in lists.get(one, [])}
        waiting += more - found
        found |= more
    return found


RULES: tuple[Rule, ...] = (required, fields, names, dependent)
