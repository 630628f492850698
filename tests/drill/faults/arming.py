"""The drill's side of the kill points: arms a step, and reads what was hit."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

LANDER_STEPS = tuple(
    f"lander.{name}" for name in ("sealed", "packed", "stored", "noted", "removed", "closed")
)
BUILD_STEPS = (
    *("build.before_first_commit", "build.between_commits", "build.before_publish"),
    *("build.in_publishing_transaction", "build.after_publish"),
)
VIEWS_STEPS = (
    *("views.between_commits", "views.before_publish"),
    *("views.in_publishing_transaction", "views.after_publish"),
)


class Faults:
    """The kill points of one platform; `environ` lets its processes look for them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        self.environ = {
            "DRILL_FAULTS": str(folder),
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        }

    def arm(self, step: str, commits: int = 0) -> None:
        """The next process that comes to the step dies there, once as many commits were made in its run."""
        scratch = self._folder / f".{step}"
        scratch.write_text(str(commits))
        scratch.replace(self._folder / step)

    def is_armed(self, step: str) -> bool:
        """Whether nobody has died there yet."""
        return (self._folder / step).exists()

    def disarm(self, step: str) -> None:
        """Lets everybody pass again."""
        (self._folder / step).unlink(missing_ok=True)

    def hits(self) -> list[dict[str, Any]]:
        """The deaths, in order."""
        return self._read("hits")

    def ways(self) -> list[dict[str, Any]]:
        """The builds that were published, in order, and whether they computed touched groups only."""
        return self._read("ways")

    def _read(self, name: str) -> list[dict[str, Any]]:
        file = self._folder / f"{name}.ndjson"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
