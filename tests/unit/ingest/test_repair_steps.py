"""Steps of a repair: on messages written by hand, as properties of any message, and documents that are none."""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rastup.core.errors import UsageError
from rastup.ingest.quarantine import BadRecord
from rastup.ingest.repair.casts import KINDS, cast
from rastup.ingest.repair.document import Repair, read, short_step, title_of
from rastup.ingest.repair.paths import Path
from rastup.ingest.repair.steps import Drop, Rename, Set, repaired
from rastup.ingest.repair.trial import ADDED, CHANGED, REMOVED, changes_of, differences

MESSAGE = {"event": "a.b", "payload": {"n": "7", "list": [{"x": 1}, {"x": 2}], "odd key": None}}


@pytest.mark.parametrize(
    ("kind", "step", "payload"),
    [
        ("rename", "payload.n=payload.m", {"m": "7", "list": [{"x": 1}, {"x": 2}], "odd key": None}),
        (
            "rename",
            "payload.list[*].x=payload.list[*].y",
            {"n": "7", "list": [{"y": 1}, {"y": 2}], "odd key": None},
        ),
        ("rename", "payload.n=payload.odd key", MESSAGE["payload"]),  # not a path with a space: see below
        ("rename", "payload.absent=payload.m", MESSAGE["payload"]),
        ("rename", "payload.n=payload.list", MESSAGE["payload"]),  # what is there already stays
        ("cast", "$.payload.n=integer", {"n": 7, "list": [{"x": 1}, {"x": 2}], "odd key": None}),
        ("cast", "payload.list[*].x=string", {"n": "7", "list": [{"x": "1"}, {"x": "2"}], "odd key": None}),
        ("set", "payload.list[1].x=null", {"n": "7", "list": [{"x": 1}, {"x": None}], "odd key": None}),
        ("set", "payload.list[9].x=1", MESSAGE["payload"]),
        ("set", 'payload["odd key"]=guest', {"n": "7", "list": [{"x": 1}, {"x": 2}], "odd key": "guest"}),
        ("default", "payload.n=1", MESSAGE["payload"]),
        ("default", "payload.odd=1", {**MESSAGE["payload"], "odd": 1}),  # type: ignore[dict-item]
        ("drop", "payload.list[0]", {"n": "7", "list": [{"x": 2}], "odd key": None}),
        ("drop", "payload.list[*]", {"n": "7", "list": [], "odd key": None}),
        ("drop", "payload['odd key']", {"n": "7", "list": [{"x": 1}, {"x": 2}]}),
    ],
)
def test_a_step_changes_what_it_is_about_and_nothing_else(kind: str, step: str, payload: Any) -> None:
    before = copy.deepcopy(MESSAGE)
    if step.endswith("odd key"):
        with pytest.raises(UsageError, match="no path"):
            short_step(kind, step)
        return
    assert repaired(MESSAGE, (short_step(kind, step),)) == {"event": "a.b", "payload": payload}
    assert before == MESSAGE


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("payload.m=payload.m[0].x", "lies inside"),
        ("ids=ids.x", "lies inside"),
        ("payload=payload.a.b", "lies inside"),
        ("payload.list[*].x=payload.list[0].x.y", "lies inside"),
        ("payload.list[0].x=payload.list[0].x[1]", "lies inside"),
        ("payload.a[*]=payload.m[*].z", "may not end with `[*]`"),
        ("payload.a[*]=payload.b[*]", "may not end with `[*]`"),
    ],
)
def test_a_rename_that_would_lose_a_value_is_refused(step: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        short_step("rename", step)


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        ("rename", "payload.n=payload.new[0]"),
        ("rename", "payload.n=payload.new.below[0].x"),
        ("set", "payload.new[0]=1"),
        ("rename", "payload.list[*].x=payload.new[*].x"),
    ],
)
def test_what_cannot_be_put_leaves_nothing_behind(kind: str, step: str) -> None:
    assert repaired(MESSAGE, (short_step(kind, step),)) == MESSAGE


_KEYS = st.sampled_from(["a", "b", "[0]", "[1]", "[*]"])


@given(
    st.recursive(
        st.integers(),
        lambda inner: st.dictionaries(st.sampled_from("ab"), inner, max_size=2) | st.lists(inner, max_size=3),
        max_leaves=12,
    ),
    st.lists(_KEYS, max_size=4),
    st.lists(_KEYS, max_size=4),
)
def test_no_rename_loses_or_makes_a_value(payload: Any, one: list[str], other: list[str]) -> None:
    paths = ["payload" + "".join(k if k[0] == "[" else f".{k}" for k in keys) for keys in (one, other)]
    try:
        step = short_step("rename", "=".join(paths))
    except UsageError:
        return
    after = repaired({"payload": payload}, (step,))
    assert sorted(_numbers(json.loads(json.dumps(after)))) == sorted(_numbers(payload))


def _numbers(value: Any) -> list[int]:
    if isinstance(value, int):
        return [value]
    below = value.values() if isinstance(value, dict) else value
    return [number for one in below for number in _numbers(one)]


@pytest.mark.parametrize(("name", "after"), [("a.b=c.d", "c.d"), ("c.d", "c.d"), ("x.y=c.d", "a.b")])
@pytest.mark.parametrize("key", ["event", "name"])
def test_an_event_gets_another_name_in_any_dialect(key: str, name: str, after: str) -> None:
    assert repaired({key: "a.b"}, (short_step("event", name),)) == {key: after}


@pytest.mark.parametrize("message", [None, 7, "text", [], [MESSAGE]])
def test_what_is_no_object_stays_as_it_is(message: Any) -> None:
    assert repaired(message, (short_step("drop", "payload"), short_step("event", "x"))) == message


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("integer", "7", 7),
        ("integer", "7.0", 7),
        ("integer", "7.5", None),
        ("integer", 7.0, 7),
        ("integer", 1e300, None),
        ("integer", "9" * 5_000, None),
        ("integer", "٧", None),
        ("integer", "1_000", None),
        ("integer", "0x10", None),
        ("integer", "NaN", None),
        ("number", "1e999", None),
        ("number", "1.50", 1.5),
        ("number", "inf", None),
        ("number", True, None),
        ("boolean", "TRUE", True),
        ("boolean", 0, False),
        ("boolean", 2, None),
        ("boolean", "on", None),
        ("string", 7, "7"),
        ("string", False, "false"),
        ("string", None, None),
        ("string", {}, None),
        ("timestamp", 1_762_442_658, "2025-11-06T15:24:18.000Z"),
        ("timestamp", "1762442658123", "2025-11-06T15:24:18.123Z"),
        ("timestamp", "2026-11-06T15:24:18+02:00", "2026-11-06T13:24:18.000Z"),
        ("timestamp", "0001-01-01T00:00:00+14:00", None),
        ("timestamp", 7, None),
        ("timestamp", 1e30, None),
        ("timestamp", "yesterday", None),
        ("array", "x", ["x"]),
        ("array", [1], [1]),
        ("array", None, None),
    ],
)
def test_a_cast_gives_the_value_or_nothing(kind: str, value: Any, expected: Any) -> None:
    found = cast(value, kind)
    assert found == expected and type(found) is type(expected)


@given(st.one_of(st.integers(), st.floats(allow_nan=True), st.text(), st.decimals(places=3), st.booleans()))
def test_no_cast_changes_a_number(value: Any) -> None:
    value = str(value) if isinstance(value, Decimal) else value
    for kind in ("integer", "number"):
        found = cast(value, kind)
        if found is not None and not isinstance(value, float):
            written = Fraction(value.strip()) if isinstance(value, str) else Fraction(value)
            assert abs(Fraction(found) - written) <= abs(written) * Fraction(1, 2**52)
    for kind in KINDS:
        json.dumps(cast(value, kind))


KEYS = st.text("abc", min_size=1, max_size=2)
MESSAGES = st.dictionaries(
    KEYS,
    st.recursive(
        st.one_of(st.none(), st.integers(-9, 9), st.text("xyz", max_size=2)),
        lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(KEYS, below, max_size=3)),
        max_leaves=8,
    ),
    max_size=4,
)


@given(MESSAGES, KEYS, KEYS)
def test_renaming_there_and_back_changes_nothing(message: dict[str, Any], one: str, other: str) -> None:
    there, back = Path.parse(one), Path.parse(f"new.{other}")
    gone = repaired(message, (Rename(there, back), Rename(back, there)))
    gone.pop("new", None)
    assert gone == message


@given(MESSAGES, KEYS)
def test_what_was_set_and_dropped_leaves_no_trace(message: dict[str, Any], name: str) -> None:
    path = Path.parse(f"zz{name}")
    assert repaired(message, (Set(path, {"a": [1]}), Drop(path))) == message


@given(MESSAGES, MESSAGES)
def test_a_diff_says_all_that_differs(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The oracle makes one of the other by the changes alone."""
    made = copy.deepcopy(before)
    for change in differences(before, after):
        path = Path.parse(change.path) if change.path != "$" else None
        assert path is not None
        holder: Any = made
        for part in path.parts[:-1]:
            holder = holder[part]
        if change.kind == REMOVED:
            del holder[path.parts[-1]]
        else:
            assert change.kind in (ADDED, CHANGED)
            holder[path.parts[-1]] = json.loads(change.after or "")
    assert made == after


def test_a_diff_tells_a_number_from_a_truth_value() -> None:
    assert [c.kind for c in differences({"a": 1, "b": [0]}, {"a": True, "b": [False]})] == [CHANGED, CHANGED]


def test_a_record_that_is_no_json_has_no_diff() -> None:
    bad = BadRecord(
        "bad_1", "2026-11-06T00:00:00.000Z", "web", "prod", "domain", None, "X", "$", "", "{", "utf8"
    )
    assert changes_of(bad, Repair((short_step("drop", "x"),))) == ()


DOCUMENT = """
repair: queries of app 4.2
where: {code: EVENT_SCHEMA_INVALID, event: search.query, source: app, since: 2026-11-06, path: $.payload.q}
steps:
  - event: {from: search.qwery, to: search.query}
  - rename: {from: $.payload.q, to: $.payload.query_hash}
  - cast: {path: payload.n, to: integer}
  - set: {path: payload.at, value: 2026-11-06}
  - default: {path: payload.filters, value: {city: [nyc]}}
  - drop: payload["odd key"]
"""


def test_a_document_is_what_it_writes_of_itself() -> None:
    repair = read(DOCUMENT)
    assert len(repair.steps) == 6
    assert repair.filters.since == "2026-11-06T00:00:00.000Z"
    assert isinstance(repair.steps[3], Set) and repair.steps[3].value == "2026-11-06"
    again = read(repair.text)
    assert again == repair
    assert read(json.dumps({"steps": repair.documents})).steps == repair.steps


BOMB = "a: &a [1,1]\nb: &b [*a,*a]\nsteps: [{set: {path: x, value: *b}}]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "an object with `steps`"),
        ("steps: [", "not YAML or JSON"),
        ("[" * 60_000, "at most 32 levels"),
        ("- " * 30_000, "at most 32 levels"),
        ("{a: " * 15_000, "at most 32 levels"),
        (BOMB, "aliases"),
        ("steps: [{}]", "step 1: one of rename"),
        ("steps: [{explode: x}]", "there is no step 'explode'"),
        ("steps: [{rename: {from: a}}]", "rename has from and to"),
        ("steps: [{rename: {from: 'a', to: 'b[*]'}}]", "more `[*]`"),
        ("steps: [{cast: {path: a, to: float}}]", "cast to 'float' is not allowed"),
        ("steps: [{drop: 'a..b'}]", "is no path"),
        ("steps: [{drop: '[*]'}]", "is no path"),
        ("steps: [{drop: '" + "a." * 17 + "a'}]", "is no path"),
        ("steps: [{set: {path: a, value: .nan, more: 1}}]", "set has path and value"),
        ("steps: [{set: {path: a, value: '" + "x" * 9_000 + "'}}]", "at most 8,000 bytes"),
        ("steps: [{set: {path: a, value: !!python/object/apply:os.system [id]}}]", "not YAML or JSON"),
        ("steps: [{event: {to: ''}}]", "event.to is a text"),
        ("steps: []\nwhere: {colour: red}", "`where` is an object; allowed"),
        ("steps: []\nwhere: {code: 7}", "`where.code` is a text"),
        ("steps: []\nwhere: {since: never}", "is not a time"),
        ("steps: []\nexecute: 1", "allowed: repair, where, steps"),
        ("x" * 70_000, "at most 64,000 bytes"),
        ("steps: " + json.dumps([{"drop": "a"}] * 51), "at most 50 steps"),
        ("steps: [" + "1," * 31_000 + "]", "at most 5,000 entries"),
        ("steps: [{set: {path: a, value: !!timestamp 2001-01-01}}]", "set: not JSON"),
        ("steps: [{set: {path: a, value: !!omap [x: 1]}}]", "set: not JSON"),
        ("steps: [{set: {path: a, value: {1: 2}}}]", "set: not JSON"),
        ("steps: [{set: {path: a, value: .nan}}]", "set: not JSON"),
        ("steps: [{default: {path: a, value: [1, -.inf]}}]", "default: not JSON"),
        ("steps: [{set: {path: a, value: 36893488147419103232}}]", "set: not JSON"),
        ("steps: [{set: {path: a, value: !!bool foo}}]", "not YAML or JSON"),
        ("steps: [{set: {path: a, value: !!int ''}}]", "not YAML or JSON"),
        ("steps: [{set: {path: a, value: !!timestamp foo}}]", "not YAML or JSON"),
        ("steps: [{set: {path: a, value: " + "1:" * 250 + "1.5}}]", "not YAML or JSON"),
        ("steps: [{? 0b" + "1" * 20_000 + " : x}]", "step 1: one of rename"),
        ('steps: [{event: "search.\\ud800"}]', "event: not JSON"),
        ('steps: [{drop: "payload.\\ud800"}]', "drop: not JSON"),
        ('steps: [{set: {path: a, value: ["\\ud800"]}}]', "set: not JSON"),
        ('repair: "\\ud800"\nsteps: []', "`repair`: not JSON"),
        ('steps: []\nwhere: {event: "\\ud800"}', "`where`: not JSON"),
    ],
)
def test_what_is_no_repair_is_refused_with_what_is_allowed(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        read(text)


@pytest.mark.parametrize("value", ["\udcff", "[" * 60 + "]" * 60, '{"a":' * 300 + "1" + "}" * 300])
def test_a_short_value_that_no_document_could_hold_is_refused(value: str) -> None:
    with pytest.raises(UsageError, match="set: not JSON"):
        short_step("set", f"payload.x={value}")


def test_a_value_as_deep_as_is_allowed_can_be_written_and_read_again() -> None:
    steps = (short_step("set", f"payload.x={'[' * 28}{']' * 28}"),)
    assert read(Repair(steps).text).steps == steps


def test_a_reason_that_cannot_be_stored_is_refused() -> None:
    with pytest.raises(UsageError, match="`repair`: not JSON"):
        title_of("\udcff")
    assert title_of("x" * 300) == "x" * 200
