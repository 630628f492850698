"""That there is no gap is a proof: no instance that the old schema takes is refused by the new one.

The oracles are the collector's validator over drawn instances, and the containment that the same library offers.
"""

from __future__ import annotations

from random import Random
from typing import Any

import jsonschema_rs
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.unit.contracts.schemas import Draws

from rastup.contracts.compatibility import BREAKING, Document, compare, verdict
from rastup.contracts.compatibility.containment import Containment
from rastup.contracts.compatibility.fields import difference
from rastup.contracts.compatibility.nodes import Node
from rastup.core.errors import ConfigError

INSTANCES = 60


def validator(schema: Any) -> Any:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


def grown(old: Any, new: Any) -> bool:
    """Whether the new one describes a field somewhere where the old one names none."""
    return bool(difference(Document(old).place(), Document(new).place()).added)


def is_document(schema: Any) -> bool:
    try:
        Document(schema)
    except ConfigError:
        return False
    return True


def document(schema: Any) -> Document:
    assume(is_document(schema))
    return Document(schema)


@settings(max_examples=250)
@given(seed=st.integers(0, 2**32))
def test_where_no_gap_is_found_every_instance_is_taken(seed: int) -> None:
    draws = Draws(Random(seed))
    old = draws.document()
    new = draws.changed(old)
    before, after = document(old), document(new)
    assume(not Containment().gaps(Node((before.place(),)), after.place(), is_strict=True))
    takes, takes_now = validator(old), validator(new)
    for instance in (draws.instance() for _ in range(INSTANCES)):
        assert takes_now.is_valid(instance) or not takes.is_valid(instance)
    assert second_opinion(new, old) != "no"


def second_opinion(wide: Any, narrow: Any) -> str:
    """What the validator's library says of the containment: yes, no, or unknown."""
    try:
        one, other = (
            jsonschema_rs.canonicalize(s, validate_formats=True, offline=True) for s in (wide, narrow)
        )
        return str(one.covers(other))
    except (ValueError, jsonschema_rs.canonical.CanonicalizationError):
        return "unknown"


def test_a_change_that_refuses_an_instance_of_named_fields_is_breaking() -> None:
    seen = 0
    for seed in range(1_500):
        draws = Draws(Random(seed))
        old = draws.document()
        new = draws.changed(old)
        # A field that the old schema does not name is not held against the new one: that is how contracts grow.
        if is_document(old) and is_document(new) and not grown(old, new):
            takes, takes_now = validator(old), validator(new)
            drawn = [draws.instance() for _ in range(INSTANCES)]
            refused = [one for one in drawn if takes.is_valid(one) and not takes_now.is_valid(one)]
            if refused:
                assert verdict(compare(old, new)) == BREAKING, seed
                seen += 1
    assert seen > 30


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32))
def test_a_schema_is_compatible_with_itself_written_anew(seed: int) -> None:
    old = Draws(Random(seed)).document()
    document(old)
    new = {
        "title": "the same",
        "allOf": [{k: v for k, v in old.items() if k != "$defs"}],
        "$defs": old["$defs"],
    }
    if "unevaluated" not in str(old):  # which sees what stands beside it
        assert verdict(compare(old, new)) != BREAKING
    assert compare(old, old) == []
