"""Where things lie: the data that users edit, and the folders below one `RASTUP_HOME`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def data_dir(name: str) -> Path:
    """The folder `contracts`, `transform` or `dashboards`: beside `src/` in a checkout, in the package when installed."""
    checkout = _PACKAGE.parents[1] / name
    return checkout if checkout.is_dir() else _PACKAGE / "_data" / name


def not_writable(folder: Path, error: OSError) -> str:
    """What is said of a folder below the home that cannot be made or written."""
    return (
        f"{folder}: cannot be written ({error.strerror}); "
        "set RASTUP_HOME or --home to a folder that can be written."
    )


@dataclass(frozen=True)
class Home:
    """The folders of one deployment; `root` is `RASTUP_HOME`. Creating one touches nothing."""

    root: Path

    @property
    def config_file(self) -> Path:
        """The optional configuration file."""
        return self.root / "rastup.toml"

    @property
    def state(self) -> Path:
        """The state database's folder."""
        return self.root / "state"

    @property
    def spool(self) -> Path:
        """Accepted events that have not landed yet, one folder a stream."""
        return self.root / "spool"

    @property
    def bronze(self) -> Path:
        """Bronze, when it lives on local disk."""
        return self.root / "bronze"

    @property
    def lake(self) -> Path:
        """The Iceberg catalog and warehouse, when they live on local disk."""
        return self.root / "lake"

    @property
    def run(self) -> Path:
        """Leases, process notes and scratch space; may be deleted while nothing runs."""
        return self.root / "run"

    @property
    def meters(self) -> Path:
        """What each collector worker has counted, a file each, written anew every second."""
        return self.run / "collector"

    def console_lease(self, port: int) -> Path:
        """Held by this home's console on that port, so that another home's is not taken for it."""
        return self.run / f"console-{port}.lease"

    @property
    def logs(self) -> Path:
        """Log files of supervised processes."""
        return self.root / "logs"
