"""`python -m benchmarks.pipeline.by_hand BRONZE OUT MEMORY_MB`: runs the script in a process of its own, to be measured."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import duckdb

SCRIPT = Path(__file__).with_name("pipeline_by_hand.sql")


def main(bronze: str, out: str, memory_mb: str) -> None:
    """Runs it on a database on disk, with the memory limit that the pipeline's engine has."""
    folder = Path(out)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with duckdb.connect(folder / "by_hand.duckdb") as connection:
        connection.execute(f"set memory_limit = '{int(memory_mb)}MB'")
        connection.execute(SCRIPT.read_text().replace("{bronze}", bronze).replace("{out}", out))
    (folder / "by_hand.duckdb").unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
