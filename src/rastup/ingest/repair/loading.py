"""Loading what people write, YAML or JSON, without its costing more than it is long or holding what JSON does not."""

from __future__ import annotations

from typing import Any

import orjson
import yaml

from rastup.core.errors import UsageError

MOST_BYTES = 64_000
MOST_ENTRIES = 5_000
_DEEPEST = 32
_DEEPEST_IN_STEP = _DEEPEST - 3  # a document, its steps and the step's name are around it


def load(text: str) -> Any:
    """What the text says.

    Raises:
        UsageError: it is neither, or too large.
    """
    if len(text.encode()) > MOST_BYTES:
        raise UsageError(f"a repair has at most {MOST_BYTES:,} bytes.")
    try:
        _refuse_tricks(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506  a SafeLoader without dates
    except UsageError:
        raise
    except (TypeError, AttributeError, LookupError) as error:
        raise UsageError(
            "the repair is not YAML or JSON: a value is not what its tag (`!!…`) says."
        ) from error
    except Exception as error:  # a loader fails in many ways on a value that is not what its tag says
        raise UsageError(f"the repair is not YAML or JSON: {' '.join(str(error).split())[:200]}") from error


def require_json(name: str, content: Any) -> None:
    """Refuses what is not the same once it was written as JSON, or could not be read again: dates, NaN, half characters."""
    try:
        is_json = orjson.loads(orjson.dumps(content)) == content
    except (TypeError, orjson.JSONEncodeError):
        is_json = False
    if not is_json or not is_shallow(content, _DEEPEST_IN_STEP):
        raise UsageError(
            f"{name}: not JSON; allowed are text, finite numbers, true, false, null, lists and objects, "
            f"nested at most {_DEEPEST} levels with what is around them."
        )


def is_shallow(value: Any, levels: int) -> bool:
    """Whether lists and objects are in it at most so deep."""
    if not isinstance(value, dict | list):
        return True
    below = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(is_shallow(one, levels - 1) for one in below)


class _Loader(yaml.SafeLoader):
    """Reads dates as the text that they are."""


_Loader.yaml_implicit_resolvers = {
    key: [entry for entry in entries if entry[0] != "tag:yaml.org,2002:timestamp"]
    for key, entries in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refuse_tricks(text: str) -> None:
    """Stops at what would cost far more to load than it is long: a level too deep, an alias, too many entries."""
    depth = entries = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        entries += isinstance(event, yaml.NodeEvent)
        if entries > MOST_ENTRIES:
            raise UsageError(f"a repair has at most {MOST_ENTRIES:,} entries.")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise UsageError(f"a repair has at most {_DEEPEST} levels.")
        if isinstance(event, yaml.AliasEvent):
            raise UsageError("aliases (`*x`) are not allowed in a repair; write the value out.")
