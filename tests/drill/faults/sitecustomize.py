"""Loaded by each process under drill as it starts: it dies at the step that the drill has armed, and says what it did.

The folder `$DRILL_FAULTS` holds a file for each armed step; whoever comes to the step takes the file away and kills
itself as `kill -9` does. Nothing of the platform is imported here: modules are wrapped when the process imports them.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

FOLDER = Path(os.environ.get("DRILL_FAULTS", "/nonexistent"))
COMMITS = {"build": 0, "views": 0}
"""Table commits of the run that goes on, by channel."""
WAY: dict[str, bool | None] = {"by_groups": None}
"""Whether the build that goes on computes the touched groups only; None before that is known."""


def at(step: str, **found: Any) -> None:
    """Dies here when the step is armed, and as many commits were made as the drill wants."""
    armed = FOLDER / step
    try:
        wanted = int(armed.read_text())
    except (FileNotFoundError, ValueError):
        return
    if found.get("commits", 0) < wanted:
        return
    note("hits", {"step": step, **found})
    armed.unlink(missing_ok=True)
    os.kill(os.getpid(), signal.SIGKILL)


def note(name: str, line: dict[str, Any]) -> None:
    """Appends a line that outlives this process."""
    with (FOLDER / f"{name}.ndjson").open("a") as file:
        file.write(json.dumps(line) + "\n")


def _channel(table_or_channel: str) -> str:
    return "views" if table_or_channel.startswith("nrt") else "build"


def _state(channel: str) -> dict[str, Any]:
    return {"commits": COMMITS[channel], "by_groups": WAY["by_groups"] if channel == "build" else None}


def _wrap_lander(module: Any) -> None:
    create = module.Lander.__init__

    def watched(self: Any, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **{**kwargs, "steps": lambda name: at(f"lander.{name}")})

    module.Lander.__init__ = watched


def _wrap_catalog(module: Any) -> None:
    commit = module.LakeTable.commit

    def watched(self: Any, *args: Any, **kwargs: Any) -> None:
        channel = _channel(self.name)
        step = "between_commits" if COMMITS[channel] else "before_first_commit"
        at(f"{channel}.{step}", table=self.name, **_state(channel))
        commit(self, *args, **kwargs)
        COMMITS[channel] += 1

    module.LakeTable.commit = watched


def _wrap_publication(module: Any) -> None:
    align, publish = module.align, module.publish

    def watched_align(tables: Any, release: Any, channel: str) -> None:
        align(tables, release, channel)
        COMMITS[_channel(channel)] = 0
        if _channel(channel) == "build":
            WAY["by_groups"] = None

    def watched_publish(*args: Any, channel: str, **kwargs: Any) -> Any:
        name = _channel(channel)
        at(f"{name}.before_publish", **_state(name))
        release = publish(*args, channel=channel, **kwargs)
        if name == "build" and WAY["by_groups"] is not None:
            note("ways", {"by_groups": WAY["by_groups"]})
        at(f"{name}.after_publish", **_state(name))
        return release

    module.align, module.publish = watched_align, watched_publish


def _wrap_releases(module: Any) -> None:
    publish = module.publish

    def watched(connection: Any, release: Any, *args: Any, **kwargs: Any) -> None:
        publish(connection, release, *args, **kwargs)
        name = _channel(release.channel)
        at(f"{name}.in_publishing_transaction", **_state(name))

    module.publish = watched


def _wrap_touched(module: Any) -> None:
    find = module.Touched.find

    def watched(self: Any, *args: Any, **kwargs: Any) -> None:
        find(self, *args, **kwargs)
        WAY["by_groups"] = not self.is_all

    module.Touched.find = watched


WRAPPERS: dict[str, Callable[[Any], None]] = {
    "rastup.ingest.lander": _wrap_lander,
    "rastup.lake.catalog": _wrap_catalog,
    "rastup.lake.publication": _wrap_publication,
    "rastup.lake.releases": _wrap_releases,
    "rastup.lake.touched": _wrap_touched,
}


class _Wrapping(MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        wrap = WRAPPERS.get(name)
        spec = PathFinder.find_spec(name, path, target) if wrap else None
        if wrap is None or spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            execute(module)
            wrap(module)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


if FOLDER.is_dir():
    sys.meta_path.insert(0, _Wrapping())
