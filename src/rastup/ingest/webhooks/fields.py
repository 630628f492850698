"""Fields of a mapping: each takes one value out of a provider's document, of one known shape, or nothing at all.

Nothing passes that does not have its shape, so that what people wrote in a field meant for an id is not stored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from rastup.core.clock import rfc3339_ms
from rastup.core.errors import ConfigError
from rastup.ingest.redaction import Redaction

Path = tuple[str | int | tuple[str, str], ...]
Reader = Callable[[Any], Any]
_SEGMENT = re.compile(r"([A-Za-z_][\w:-]*|\d+)((?:\[[\w:]+=[\w.:-]+\])?)")
_SELECTED = re.compile(r"\[([\w:]+)=([\w.:-]+)\]")
_OPAQUE = re.compile(r"[A-Za-z0-9_.:-]{1,128}")
_NOT_ALNUM = re.compile(r"[^A-Za-z0-9]+")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}")
LONGEST_ID = 64
LONGEST_LINK = 256
"""What the contracts take of one; its beginning says more than nothing."""
KINDS = ("id", "ref", "choice", "cents", "time", "link", "const")


class Currencies:
    """How many decimals a provider's amounts have; two where nothing is said."""

    def __init__(self, decimals: Mapping[int, Sequence[str]]) -> None:
        self._decimals = {code.upper(): int(n) for n, codes in decimals.items() for code in codes}

    def cents(self, amount: Any, currency: Any) -> int | None:
        """Hundredths of the currency's unit; half a cent goes to the even one. None for what is no amount ≥ 0."""
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            return None
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            return None
        minor: int = amount
        decimals = self._decimals.get(currency.upper(), 2)
        if decimals <= 2:
            return minor * (100, 10, 1)[decimals]
        step: int = 10 ** (decimals - 2)
        whole, rest = divmod(minor, step)
        return whole + (2 * rest > step or (2 * rest == step and whole % 2 == 1))


class Names:
    """Reads paths such as `object.refunds.data.0.id` or `fields[name=doc_id].value`; a first word may be an alias."""

    def __init__(self, aliases: Mapping[str, str]) -> None:
        self._aliases = {name: _parsed(path) for name, path in aliases.items()}

    def path(self, text: str) -> Path:
        """The parsed path, its alias resolved."""
        path = _parsed(text)
        first = path[0]
        return self._aliases[first] + path[1:] if isinstance(first, str) and first in self._aliases else path

    def first(self, texts: str | Sequence[str]) -> Reader:
        """Reads the first of several paths at which there is something."""
        paths = [self.path(text) for text in ([texts] if isinstance(texts, str) else texts)]

        def read(document: Any) -> Any:
            for path in paths:
                if (value := at(document, path)) is not None:
                    return value
            return None

        return read


def at(document: Any, path: Path) -> Any:
    """What lies at a path; None when nothing does."""
    for step in path:
        if isinstance(step, str):
            document = document.get(step) if isinstance(document, dict) else None
        elif isinstance(step, int):
            document = document[step] if isinstance(document, list) and step < len(document) else None
        else:
            document = _selected(document, *step)
        if document is None:
            return None
    return document


def reader(spec: Mapping[str, Any], names: Names, currencies: Currencies) -> Reader:
    """Compiles a field's description.

    Raises:
        ConfigError: it is not one.
    """
    kinds = [kind for kind in KINDS if kind in spec]
    if len(kinds) != 1:
        raise ConfigError(f"a field has one of {', '.join(KINDS)}; got {sorted(spec)}.")
    kind = kinds[0]
    if kind == "const":
        return lambda _document: spec["const"]
    read = names.first(spec[kind])
    if kind == "id":
        return _id(read, spec["prefix"], names.first(spec["derived"]) if "derived" in spec else None)
    if kind == "choice":
        return _choice(read, spec["of"], spec.get("else"))
    if kind == "cents":
        currency = names.first(spec["currency"])
        return lambda document: currencies.cents(read(document), currency(document))
    shape = {"ref": _opaque_of(spec.get("shape")), "time": rfc3339, "link": link}[kind]
    otherwise = spec.get("else")

    def shaped(document: Any) -> Any:
        value = shape(read(document))
        return otherwise if value is None else value

    return shaped


def opaque(value: Any) -> str | None:
    """An id or code of a provider, which nobody wrote as prose."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return value if isinstance(value, str) and _OPAQUE.fullmatch(value) else None


def _opaque_of(shape: str | None) -> Reader:
    if shape is None:
        return opaque
    try:
        pattern = re.compile(shape)
    except re.error as error:
        raise ConfigError(f"{shape!r} is not a regular expression: {error}.") from error
    return lambda value: value if opaque(value) and pattern.fullmatch(str(value)) else None


def rfc3339(value: Any) -> str | None:
    """A time as our records write it, from seconds since the epoch or from ISO 8601."""
    try:
        if isinstance(value, str) and not (value.isascii() and value.isdigit()):
            moment = datetime.fromisoformat(value)
            return rfc3339_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
        if isinstance(value, bool) or not isinstance(value, int | str):
            return None
        return rfc3339_ms(datetime.fromtimestamp(int(value), UTC))
    except (ValueError, OverflowError, OSError):
        return None


def link(value: Any) -> str | None:
    """A web address without what may tell of a person: its user, query and fragment, and what is personal in its path."""
    if not isinstance(value, str):
        return None
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return None
    # Here already, and not at admission alone: of an event that it refuses all is kept as it came. Before the cut, which
    # could leave a part of a secret that nobody would take for one.
    return Redaction().text(f"{parts.scheme}://{host}{parts.path}")[:LONGEST_LINK]


def _id(read: Reader, prefix: str, derived: Reader | None) -> Reader:
    pattern = re.compile(re.escape(prefix) + r"[A-Za-z0-9]+")

    def value(document: Any) -> str | None:
        found = read(document)
        if isinstance(found, str) and len(found) <= LONGEST_ID and pattern.fullmatch(found):
            return found
        source = opaque(derived(document)) if derived else None
        plain = _NOT_ALNUM.sub("", source or "")
        return (prefix + plain)[:LONGEST_ID] if plain else None

    return value


def _choice(read: Reader, options: Mapping[Any, Any], otherwise: Any) -> Reader:
    def value(document: Any) -> Any:
        found = read(document)
        return options.get(found, otherwise) if isinstance(found, str | int | bool) else otherwise

    return value


def _selected(entries: Any, name: str, wanted: str) -> Any:
    if not isinstance(entries, list):
        return None
    return next((entry for entry in entries if isinstance(entry, dict) and entry.get(name) == wanted), None)


def _parsed(text: str) -> Path:
    steps: list[str | int | tuple[str, str]] = []
    for part in re.split(r"\.(?![^\[]*\])", text):
        found = _SEGMENT.fullmatch(part)
        if found is None:
            raise ConfigError(f"{text!r} is not a path such as `object.refunds.data.0.id`.")
        steps.append(int(found[1]) if found[1].isdigit() else found[1])
        if selection := _SELECTED.fullmatch(found[2]):
            steps.append((selection[1], selection[2]))
    return tuple(steps)
