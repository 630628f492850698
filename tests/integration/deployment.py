"""A deployment under test: a lake of its own, filled by the way of every import, built by the real pipeline."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rastup.core.config import Settings, load
from rastup.ingest.importer import Importer, Origin
from rastup.ingest.lander import Landing
from rastup.lake.pipeline import Pipeline
from rastup.lake.project import digest
from rastup.lake.reader import ReaderPool
from rastup.lake.request import Request, RunResult

Record = dict[str, Any]
_FOLDER = tempfile.TemporaryDirectory(prefix="rastup-compiled-")
_COMPILED = Path(_FOLDER.name)
"""Projects that were compiled by an earlier deployment of these tests: compiling one anew takes seconds."""


class Deployment:
    """A pipeline that stays open until `close`; `environ` adds settings such as `RASTUP_LAKE__RELEASE_KEEP`."""

    def __init__(self, folder: Path, *, environ: Mapping[str, str] | None = None) -> None:
        # What listens on the default ports of this machine is another deployment's.
        ports = {"RASTUP_INGEST__PORT": "1", "RASTUP_CONSOLE__PORT": "1"}
        self.settings: Settings = load(folder / "home", environ=ports | dict(environ or {}))
        self._folder = folder
        self._numbers = itertools.count(1)
        self._version = digest(self.settings)
        if (_COMPILED / self._version).is_dir():
            shutil.copytree(_COMPILED / self._version, self._target, dirs_exist_ok=True)
        self.pipeline = Pipeline(self.settings)

    @property
    def _target(self) -> Path:
        return self.settings.home.run / "dbt" / self._version

    def bring(self, records: Iterable[Record]) -> None:
        """Imports the records and lands them."""
        by_env: dict[str, list[Record]] = {}
        for record in records:
            by_env.setdefault(record.get("context", {}).get("env", "prod"), []).append(record)
        for env, some in by_env.items():
            file = self._folder / f"{next(self._numbers)}.ndjson"
            file.write_text("".join(json.dumps(record) + "\n" for record in some))
            importer = Importer(self.settings, Origin(env, "web"))
            with Landing(self.settings) as landing:
                landing.wait_for(importer.run([file]))

    def run(self, request: Request | None = None) -> RunResult:
        """One run of the pipeline."""
        result = self.pipeline.run(request or Request())
        if self._target.is_dir() and not (_COMPILED / self._version).exists():
            shutil.copytree(self._target, _COMPILED / self._version)
        return result

    def reopen(self) -> None:
        """Another process's pipeline, as far as one process can have it."""
        self.pipeline.close()
        self.pipeline = Pipeline(self.settings)

    def tables(self, names: Iterable[str]) -> dict[str, list[Record]]:
        """Whole tables of the current release."""
        pool = ReaderPool(self.settings)
        try:
            reader = pool.pin()
            return {name: reader.query(f"select * from {name}").to_pylist() for name in names}
        finally:
            pool.close()

    def rows(self, query: str, release_id: str | None = None) -> list[Record]:
        """What a reader of the release, or of the current one, is shown."""
        pool = ReaderPool(self.settings)
        try:
            rows: list[Record] = pool.pin(release_id).query(query).to_pylist()
            return rows
        finally:
            pool.close()

    def ids(self, release_id: str | None = None) -> list[str]:
        """The event ids of `silver.events`, sorted; one twice is there twice."""
        return [
            row["event_id"] for row in self.rows("select event_id from silver.events order by 1", release_id)
        ]

    def close(self) -> None:
        """Closes the engine."""
        self.pipeline.close()


def searches(numbers: Sequence[int], *, at: str = "2026-11-18T10:00:00.000Z") -> list[Record]:
    """Valid `search.query` records, one for each number."""
    return [
        {
            "event_id": f"evt_01K{number:023d}",
            "event": "search.query",
            "v": 1,
            "occurred_at": at,
            "received_at": at,
            "anon_id": f"an_{number}",
            "context": {"role": "guest"},
            "ids": {},
            "payload": {"query_hash": f"{number:08x}", "results": number % 9},
        }
        for number in numbers
    ]
