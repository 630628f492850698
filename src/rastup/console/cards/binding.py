"""Parameters of a card's SQL: `$first` becomes a question mark to the engine, and a literal to a person who copies it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_PARAMETER = re.compile(r"\$([a-z_]+)")


def bind(sql: str, values: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
    """The SQL with question marks, and what fills them."""
    names = _PARAMETER.findall(sql)
    return _PARAMETER.sub("?", sql), tuple(values[name] for name in names)


def readable(sql: str, values: Mapping[str, Any]) -> str:
    """The SQL as a person would write it, for copying into a terminal. It is shown and never run by the console."""
    return _PARAMETER.sub(lambda found: literal(values[found.group(1)]), sql)


def literal(value: Any) -> str:
    """A value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(entry) for entry in value) + "]"
    if isinstance(value, int | float):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
