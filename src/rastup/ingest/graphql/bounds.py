"""How large a document may be, found before it is validated: some rules of validation take the square of its size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_TOKENS = 4_000
MOST_DEFINITIONS = 20
MOST_SELECTIONS = 200
MOST_ALIASES = 20
MOST_ROOT_FIELDS = 10
MOST_FIELDS = 1_000
"""With fragments put where they are named."""
DEEPEST = 6
INTROSPECTION = ("__schema", "__type")
"""Their depth is the library's own rule."""


class TooMuchError(GraphQLError):
    """A document beyond a bound."""


@dataclass(slots=True)
class Extent:
    """What a set of selections comes to with its fragments put in: fields, levels, aliases."""

    fields: int = 0
    depth: int = 0
    aliases: int = 0


def check(document: DocumentNode) -> None:
    """Refuses a document that is too much to validate or to execute.

    Raises:
        TooMuchError: names the bound.
    """
    if len(document.definitions) > MOST_DEFINITIONS:
        raise _too_much("operations and fragments", MOST_DEFINITIONS)
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    measure = _Measure(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            measure.check(definition)


class _Measure:
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, Extent] = {}
        self._open: set[str] = set()
        self._selections = 0

    def check(self, operation: OperationDefinitionNode) -> None:
        extent = self._of_set(operation.selection_set)
        roots = self._of_roots(operation.selection_set)
        for found, most, what in (
            (extent.aliases, MOST_ALIASES, "aliases"),
            (roots, MOST_ROOT_FIELDS, "fields of Query and Mutation"),
            (extent.fields, MOST_FIELDS, "fields, fragments put in"),
            (extent.depth, DEEPEST, "levels"),
        ):
            if found > most:
                raise _too_much(what, most)

    def _of_roots(self, selections: SelectionSetNode | None) -> int:
        """Fields at the top; fragments were found free of circles when their extent was."""
        count = 0
        for node in _nodes(selections):
            if isinstance(node, FieldNode):
                count += 1
            elif isinstance(node, InlineFragmentNode):
                count += self._of_roots(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value in self._fragments:
                count += min(self._known[node.name.value].fields, MOST_ROOT_FIELDS + 1)
        return count

    def _of_set(self, selections: SelectionSetNode | None) -> Extent:
        extent = Extent()
        for node in _nodes(selections):
            self._selections += 1
            if self._selections > MOST_SELECTIONS:
                raise _too_much("selections", MOST_SELECTIONS)
            self._add(extent, node)
        return extent

    def _add(self, extent: Extent, node: object) -> None:
        if isinstance(node, FieldNode):
            below = self._of_set(node.selection_set)
            is_ours = node.name.value not in INTROSPECTION
            extent.fields += 1 + below.fields
            extent.aliases += (node.alias is not None) + below.aliases
            extent.depth = max(extent.depth, 1 + (below.depth if is_ours else 0))
            return
        if isinstance(node, InlineFragmentNode):
            below = self._of_set(node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            below = self._of_fragment(node.name.value)
        else:
            return
        extent.fields += below.fields
        extent.aliases += below.aliases
        extent.depth = max(extent.depth, below.depth)

    def _of_fragment(self, name: str) -> Extent:
        if (known := self._known.get(name)) is not None:
            return known
        if name in self._open:
            raise TooMuchError(f"Fragment {name[:60]!r} contains itself.")
        if name not in self._fragments:
            return Extent()  # validation says so
        self._open.add(name)
        self._known[name] = self._of_set(self._fragments[name].selection_set)
        self._open.remove(name)
        return self._known[name]


def _nodes(selections: SelectionSetNode | None) -> Iterable[object]:
    return selections.selections if selections is not None else ()


def _too_much(what: str, most: int) -> TooMuchError:
    return TooMuchError(f"The document has too many {what}; at most {most} are taken.")
