"""Compatibility of two JSON Schemas: does the new one take everything that the old one took, and the other way round?

The rule of the specification: an added optional field keeps the version; removing or renaming a field, requiring one, or
narrowing a type, enum, range, length, pattern, format, array or object breaks it. Where meaning cannot be compared, a
difference counts as breaking: a false alarm costs a version, a miss costs data.

`documents` reads and checks schemas, `flattening` takes them apart, `containment` compares them by the rules of `values`,
`numbers`, `sizes`, `texts`, `arrays`, `objects` and `conditions`; `fields` sees what was removed, renamed and added;
`modes` puts both together for a direction.
"""

from rastup.contracts.compatibility.changes import ADDITIVE, BREAKING, NONE, RESTRICTIVE, Change, verdict
from rastup.contracts.compatibility.documents import Document
from rastup.contracts.compatibility.modes import Mode, compare, compare_all

__all__ = [
    "ADDITIVE",
    "BREAKING",
    "NONE",
    "RESTRICTIVE",
    "Change",
    "Document",
    "Mode",
    "compare",
    "compare_all",
    "verdict",
]
