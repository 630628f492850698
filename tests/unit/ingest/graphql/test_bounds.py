"""Bounds of documents: counted by hand, and by writing the fragments out."""

from __future__ import annotations

import pytest
from graphql import DocumentNode, FieldNode, get_introspection_query, parse, visit
from graphql.language import Visitor
from hypothesis import given, settings
from hypothesis import strategies as st

from rastup.ingest.graphql import bounds
from rastup.ingest.graphql.bounds import TooMuchError, check


@pytest.mark.parametrize(
    "text",
    [
        "{ a }",
        get_introspection_query(),
        "{ " + " ".join(f"f{n}" for n in range(bounds.MOST_ROOT_FIELDS)) + " }",
        "{ a { " + " ".join(f"x{n}: f" for n in range(bounds.MOST_ALIASES)) + " } }",
        "{ " + "a { " * (bounds.DEEPEST - 1) + "b" + " }" * bounds.DEEPEST,
        "{ a { " + "f " * (bounds.MOST_SELECTIONS - 1) + "} }",
        "{ ...Unknown }",
        "fragment Unused on Query { a }",
        "{ ...F ...F } fragment F on Query { a b }",
    ],
)
def test_what_an_app_sends_is_taken(text: str) -> None:
    check(parse(text))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{ " + " ".join(f"f{n}" for n in range(bounds.MOST_ROOT_FIELDS + 1)) + " }", "Query and Mutation"),
        ("{ ... { ... { " + "f " * (bounds.MOST_ROOT_FIELDS + 1) + "} } }", "Query and Mutation"),
        ("{ ...F " * 1 + "} fragment F on Query { " + "f " * 11 + "}", "Query and Mutation"),
        ("{ a { " + " ".join(f"x{n}: f" for n in range(bounds.MOST_ALIASES + 1)) + " } }", "aliases"),
        ("{ a { ...F ...F ...F } } fragment F on Q { " + "x: f " * 7 + "}", "aliases"),
        ("{ " + "a { " * bounds.DEEPEST + "b" + " }" * (bounds.DEEPEST + 1), "levels"),
        ("{ a { ...F } } fragment F on Q { b { c { d { e { f { g } } } } } }", "levels"),
        ("{ a { " + "f " * bounds.MOST_SELECTIONS + "} }", "selections"),
        ("{ a } " * 1 + "".join(f"query Q{n} {{ a }} " for n in range(20)), "operations and fragments"),
        (
            "{ ...F0 } "
            + "".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }} " for n in range(15))
            + "fragment F15 on Query { a { b } }",
            "Query and Mutation",
        ),
        (
            "{ a { ...F0 } } "
            + "".join(f"fragment F{n} on Q {{ ...F{n + 1} ...F{n + 1} }} " for n in range(12))
            + "fragment F12 on Q { b }",
            "fields, fragments put in",
        ),
    ],
)
def test_what_is_too_much_is_named(text: str, what: str) -> None:
    with pytest.raises(TooMuchError, match=what):
        check(parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "{ ...F } fragment F on Query { ...F }",
        "{ ...F } fragment F on Query { a { ...G } } fragment G on Q { b { ...F } }",
    ],
)
def test_circles_end(text: str) -> None:
    with pytest.raises(TooMuchError, match="contains itself"):
        check(parse(text))


class _Fields(Visitor):
    """Counts what a document without fragments holds: the second implementation."""

    def __init__(self) -> None:
        super().__init__()
        self.fields = self.aliases = self.depth = self._level = 0

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.fields += 1
        self.aliases += node.alias is not None
        self._level += 1
        self.depth = max(self.depth, self._level)

    def leave_field(self, *_: object) -> None:
        self._level -= 1


def _counted(document: DocumentNode) -> tuple[int, int, int]:
    visitor = _Fields()
    visit(document, visitor)
    return visitor.fields, visitor.aliases, visitor.depth


leaf = st.sampled_from(["a", "x: b", "c"])
selection = st.recursive(
    leaf,
    lambda below: st.lists(below, min_size=1, max_size=3).map(lambda some: "o { " + " ".join(some) + " }"),
)


@settings(deadline=None)
@given(st.lists(selection, min_size=1, max_size=3))
def test_a_fragment_counts_as_if_it_were_written_out(selections: list[str]) -> None:
    inside = " ".join(selections)
    for written, with_fragment in (
        (f"{{ r {{ {inside} {inside} }} }}", f"{{ r {{ ...F ...F }} }} fragment F on Q {{ {inside} }}"),
    ):
        fields, aliases, depth = _counted(parse(written))
        fits = (
            aliases <= bounds.MOST_ALIASES
            and depth <= bounds.DEEPEST
            and fields <= bounds.MOST_FIELDS
            and fields < bounds.MOST_SELECTIONS
        )
        for text in (written, with_fragment):
            try:
                check(parse(text))
                taken = True
            except TooMuchError:
                taken = False
            assert taken == fits
