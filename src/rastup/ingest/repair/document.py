"""A repair as people write it: YAML or JSON, or short texts such as `payload.q=payload.query_hash`.

repair: search queries of app 4.2
where: {code: EVENT_SCHEMA_INVALID, event: search.query, source: app}
steps:
  - rename: {from: payload.q, to: payload.query_hash}
  - cast: {path: payload.result_count, to: integer}
  - default: {path: payload.filters, value: {}}
  - drop: payload.debug
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import yaml

from rastup.core.errors import UsageError
from rastup.core.since import since_of
from rastup.ingest.quarantine import OPEN, STATES, Filters
from rastup.ingest.repair.casts import KINDS
from rastup.ingest.repair.loading import load, require_json
from rastup.ingest.repair.paths import Path
from rastup.ingest.repair.steps import Cast, Drop, MapEvent, Rename, Set, Step, documents

MOST_STEPS = 50
MOST_VALUE_BYTES = 8_000
WHERE = ("code", "event", "path", "source", "since", "state")
KEYS = ("repair", "where", "steps")


@dataclass(frozen=True)
class Repair:
    """What to change, and in which records. Without steps it is a replay."""

    steps: tuple[Step, ...] = ()
    filters: Filters = field(default_factory=Filters)
    title: str = ""

    @property
    def documents(self) -> list[Mapping[str, Any]]:
        """The steps as a document lists them."""
        return documents(self.steps)

    @property
    def text(self) -> str:
        """The repair as a document that `read` takes."""
        chosen = {name: value for name in WHERE if (value := getattr(self.filters, name)) is not None}
        content = {"repair": self.title or "repair", "where": chosen, "steps": self.documents}
        return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def read(text: str) -> Repair:
    """A repair from YAML or JSON.

    Raises:
        UsageError: says what is wrong with it and what is allowed.
    """
    content = load(text)
    if isinstance(content, list):
        content = {"steps": content}
    if not isinstance(content, dict) or not set(content) <= set(KEYS) or "steps" not in content:
        raise UsageError(f"a repair is an object with `steps`; allowed: {', '.join(KEYS)}.")
    return Repair(
        _steps(content["steps"]), _filters(content.get("where") or {}), title_of(content.get("repair"))
    )


def title_of(content: Any) -> str:
    """What a repair is for, in at most 200 characters.

    Raises:
        UsageError: it is no text.
    """
    if content is not None and not isinstance(content, str):
        raise UsageError("`repair` is a text that says what the repair is for.")
    require_json("`repair`", content)
    return (content or "")[:200]


def step_of(kind: str, content: Any) -> Step:
    """One step of a document.

    Raises:
        UsageError: it is none.
    """
    if kind not in _READERS:
        raise UsageError(f"there is no step {kind[:40]!r}; allowed: {', '.join(_READERS)}.")
    step = _READERS[kind](content)
    require_json(kind, content)
    return step


def short_step(kind: str, text: str) -> Step:
    """One step from a short text: `rename` `a=b`, `cast` `a=integer`, `set` `a=1`, `drop` `a`, `event` `old=new`.

    Raises:
        UsageError: it is none.
    """
    left, sign, right = (part.strip() for part in text.partition("="))
    if kind == "drop":
        return step_of(kind, text)
    if kind == "event":
        return step_of(kind, {"from": left, "to": right} if sign else {"to": left})
    if not sign:
        raise UsageError(f"--{kind} {text[:80]!r}: write it as {_FORMS.get(kind, 'path=value')}.")
    if kind == "rename":
        return step_of(kind, {"from": left, "to": right})
    if kind == "cast":
        return step_of(kind, {"path": left, "to": right})
    return step_of(kind, {"path": left, "value": value_of(right)})


def value_of(text: str) -> Any:
    """JSON when it is that, else the text itself: `7`, `"7"`, `null` and `guest` are a number, texts and null."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


_FORMS = {"rename": "old.path=new.path", "cast": f"path={'|'.join(KINDS)}", "set": "path=value"}


def _steps(content: Any) -> tuple[Step, ...]:
    if not isinstance(content, list) or len(content) > MOST_STEPS:
        raise UsageError(f"`steps` is a list of at most {MOST_STEPS} steps.")
    found = []
    for number, entry in enumerate(content, 1):
        if not isinstance(entry, dict) or len(entry) != 1 or not isinstance(next(iter(entry)), str):
            raise UsageError(f"step {number}: one of {', '.join(_READERS)}, such as `- drop: payload.x`.")
        kind, value = next(iter(entry.items()))
        try:
            found.append(step_of(kind, value))
        except UsageError as error:
            raise UsageError(f"step {number}: {error}") from error
    return tuple(found)


def _filters(content: Any) -> Filters:
    if not isinstance(content, dict) or not set(content) <= set(WHERE):
        raise UsageError(f"`where` is an object; allowed: {', '.join(WHERE)}.")
    if odd := [name for name, value in content.items() if not isinstance(value, str)]:
        raise UsageError(f"`where.{odd[0]}` is a text.")
    if (state := content.get("state", OPEN)) not in STATES:
        raise UsageError(f"`where.state` {state[:40]!r} is none; give one of {', '.join(STATES)}.")
    require_json("`where`", content)
    return Filters(**{**content, "since": since_of(content.get("since"))})


def _texts(
    kind: str, content: Any, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, str]:
    _keys(kind, content, required, optional)
    if odd := [name for name, value in content.items() if not isinstance(value, str) or not value.strip()]:
        raise UsageError(f"{kind}.{odd[0]} is a text.")
    return {name: value.strip() for name, value in content.items()}


def _keys(kind: str, content: Any, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    if not isinstance(content, dict) or not set(required) <= set(content) <= {*required, *optional}:
        raise UsageError(
            f"{kind} has {' and '.join(required)}{'; optional: ' if optional else ''}{', '.join(optional)}."
        )


def _rename(content: Any) -> Step:
    texts = _texts("rename", content, ("from", "to"))
    source, target = Path.parse(texts["from"]), Path.parse(texts["to"])
    if target.parts.count(None) > source.parts.count(None):
        raise UsageError("rename: the new path has more `[*]` than the old one.")
    if source.parts[-1] is None:
        raise UsageError(
            "rename: the old path may not end with `[*]`; rename the list, or a field of its entries."
        )
    if source.may_hold(target):
        raise UsageError(f"rename: {target.text} lies inside {source.text}, which moves.")
    return Rename(source, target)


def _cast(content: Any) -> Step:
    texts = _texts("cast", content, ("path", "to"))
    if texts["to"] not in KINDS:
        raise UsageError(f"cast to {texts['to'][:40]!r} is not allowed; give one of {', '.join(KINDS)}.")
    return Cast(Path.parse(texts["path"]), texts["to"])


def _set(kind: str) -> Callable[[Any], Step]:
    def reader(content: Any) -> Step:
        _keys(kind, content, ("path", "value"))
        if not isinstance(content["path"], str):
            raise UsageError(f"{kind}.path is a text.")
        require_json(kind, content)
        if len(orjson.dumps(content["value"])) > MOST_VALUE_BYTES:
            raise UsageError(f"{kind}.value has at most {MOST_VALUE_BYTES:,} bytes.")
        return Set(Path.parse(content["path"]), content["value"], if_missing=kind == "default")

    return reader


def _drop(content: Any) -> Step:
    if not isinstance(content, str):
        raise UsageError("drop is a path.")
    return Drop(Path.parse(content))


def _event(content: Any) -> Step:
    if isinstance(content, str):
        content = {"to": content}
    texts = _texts("event", content, ("to",), ("from",))
    if max(map(len, texts.values())) > 128:
        raise UsageError("an event's name has at most 128 characters.")
    return MapEvent(texts["to"], texts.get("from"))


_READERS: dict[str, Callable[[Any], Step]] = {
    "rename": _rename,
    "cast": _cast,
    "set": _set("set"),
    "default": _set("default"),
    "drop": _drop,
    "event": _event,
}
