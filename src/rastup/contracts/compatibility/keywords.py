"""The keywords of JSON Schema 2020-12 by what they hold."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SINGLES = _words(
    "additionalProperties items contains not if then else propertyNames unevaluatedItems unevaluatedProperties"
)
MAPS = _words("properties patternProperties $defs definitions dependentSchemas dependencies")
LISTS = _words("allOf anyOf oneOf prefixItems")

# What only people, editors and generators read: the validator takes the same instances with and without.
ANNOTATIONS = _words(
    "$schema $id $comment $anchor $dynamicAnchor $vocabulary $defs definitions title description examples default "
    "deprecated readOnly writeOnly contentMediaType contentEncoding contentSchema"
)
LOWER = ("minimum", "exclusiveMinimum")
UPPER = ("maximum", "exclusiveMaximum")
SCALARS = _words(
    "type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format "
    "minItems maxItems uniqueItems minProperties maxProperties required"
)
SHAPES = _words(
    "properties patternProperties additionalProperties prefixItems items contains minContains maxContains"
)
BRANCHES = _words(
    "$ref $dynamicRef allOf anyOf oneOf not if then else dependentRequired dependentSchemas dependencies propertyNames "
    "unevaluatedItems unevaluatedProperties"
)
KNOWN = ANNOTATIONS | SCALARS | SHAPES | BRANCHES

# In JSON Schema a number is an integer or has a fraction; told apart, every set of types is a set of these.
ATOMS = {
    **{name: frozenset([name]) for name in ("null", "boolean", "object", "array", "string", "integer")},
    "number": frozenset(["integer", "fraction"]),
}
ALL_TYPES = frozenset(atom for atoms in ATOMS.values() for atom in atoms)
NUMERIC = frozenset(["integer", "fraction"])
