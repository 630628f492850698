"""`rastup doctor`: checks of the machine and of the deployment, each with what was found and what to do."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rastup.core.clock import Clock, system_clock
from rastup.core.config import Served, Settings
from rastup.core.errors import RastupError
from rastup.ingest.bus import publisher
from rastup.ingest.bus.source import open_source
from rastup.ingest.spool.damage import TORN, read_reports
from rastup.ingest.spool.segments import DAMAGED
from rastup.ops import status as status_of
from rastup.state import leases
from rastup.state.database import open_state, verify_state
from rastup.state.schema import releases

GOOD, WARN, BAD = "ok", "warn", "bad"
LIBRARIES = (
    "duckdb",
    "duckdb_extension_iceberg",
    "pyiceberg",
    "pyarrow",
    "dbt-core",
    "dbt-duckdb",
    "granian",
    "obstore",
)
EXTRAS = "kafka, kinesis, postgres, webhooks"


@dataclass(frozen=True)
class Finding:
    """One check: `state` is ok, warn or bad; `advice` is empty when there is nothing to do."""

    check: str
    state: str
    found: str
    advice: str = ""


def examine(settings: Settings, *, clock: Clock = system_clock) -> list[Finding]:
    """Runs every check; a check that cannot run is itself a finding."""
    checks: list[tuple[str, Callable[[], Finding]]] = [
        ("python", _python),
        ("libraries", _libraries),
        ("disk", lambda: _disk(settings)),
        ("sync", lambda: _sync(settings)),
        ("clock", lambda: _clock(settings, clock)),
        ("state", lambda: _state(settings)),
        ("bus", lambda: _bus(settings)),
        ("collector port", lambda: _port(settings, "collector", settings.ingest)),
        ("console port", lambda: _port(settings, "console", settings.console)),
        ("lake lease", lambda: _lease(settings, "lake.lease")),
        ("lander lease", lambda: _lease(settings, "lander.lease")),
        ("damage", lambda: _damage(settings)),
        ("lag", lambda: _lag(settings, clock)),
    ]
    return [_guarded(name, check) for name, check in checks]


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except ImportError as error:
        what = f"{error.name or error} is not installed"
        return Finding(name, BAD, what, f"install rastup again, with the extras of what is set: {EXTRAS}")
    except (RastupError, OSError) as error:
        return Finding(name, BAD, str(error), "see the message")


def _python() -> Finding:
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return Finding("python", GOOD if sys.version_info >= (3, 11) else BAD, found)


def _libraries() -> Finding:
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    text = ", ".join(f"{name} {version}" for name, version in versions.items())
    if versions["duckdb"] != versions["duckdb_extension_iceberg"]:
        return Finding(
            "libraries", BAD, text, "DuckDB and its extensions must have one version: install rastup again"
        )
    return Finding("libraries", GOOD, text)


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder


def _disk(settings: Settings) -> Finding:
    free = shutil.disk_usage(_existing(settings.home.root)).free
    found = f"{free / 1e9:.1f} GB free below {settings.home.root.name}/"
    if free < settings.spool.min_free_disk_bytes:
        return Finding("disk", BAD, found, "the collector answers 503 until there is room: free space")
    if free < 10 * settings.spool.min_free_disk_bytes:
        return Finding("disk", WARN, found, "room is running out")
    return Finding("disk", GOOD, found)


def _sync(settings: Settings) -> Finding:
    folder = _existing(settings.home.root)
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        file.write(b"x" * 4096)
        file.flush()
        started = time.perf_counter()
        os.fsync(file.fileno())
        ms = (time.perf_counter() - started) * 1000
    advice = "every answer waits for this; use a faster disk" if ms > 50 else ""
    return Finding("sync", WARN if ms > 50 else GOOD, f"an fsync takes {ms:.1f} ms", advice)


def _clock(settings: Settings, clock: Clock) -> Finding:
    engine = open_state(settings.state_url)
    with engine.connect() as connection:
        newest = connection.execute(releases.select().order_by(releases.c.created_at.desc()).limit(1)).first()
    now = clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if newest is not None and newest.created_at > now:
        return Finding(
            "clock", BAD, f"{now} is before the last release ({newest.created_at})", "set the machine's clock"
        )
    return Finding("clock", GOOD, now)


def _state(settings: Settings) -> Finding:
    engine = open_state(settings.state_url)
    verify_state(engine)
    return Finding("state", GOOD, f"{engine.dialect.name}, schema up to date")


def _bus(settings: Settings) -> Finding:
    if settings.bus.kind == publisher.SPOOL:
        return Finding("bus", GOOD, "the spool")
    publisher.check(settings)
    source = open_source(settings, open_state(settings.state_url))
    try:
        return Finding("bus", GOOD, f"{source.name}: {len(source.partitions())} partitions to read")
    finally:
        source.close()


def _port(settings: Settings, name: str, part: Served) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in part.host else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        is_taken = probe.connect_ex((part.host, part.port)) == 0
    if not is_taken:
        return Finding(f"{name} port", GOOD, f"{part.netloc} is free")
    is_ours = leases.holder_of(settings.home.run / "up.lease") is not None
    advice = "" if is_ours else "something listens there: if it is not ours, choose another port"
    return Finding(f"{name} port", GOOD if is_ours else WARN, f"{part.netloc} is in use", advice)


def _lease(settings: Settings, name: str) -> Finding:
    holder = leases.holder_of(settings.home.run / name)
    label = name.replace(".", " ")
    if holder is None:
        return Finding(label, GOOD, "free")
    return Finding(label, GOOD, f"held by process {holder.pid} ({holder.purpose}) since {holder.since}")


def _damage(settings: Settings) -> Finding:
    kinds = {report["kept"]: report["kind"] for report in read_reports(settings.home.spool)}
    kept = [piece.name for piece in (settings.home.spool / DAMAGED).glob("*.bin")]
    torn = sum(kinds.get(name) == TORN for name in kept)
    damaged = len(kept) - torn
    found = ", ".join(
        f"{number} {what}{'' if number == 1 else 's'}"
        for number, what in ((damaged, "damaged piece"), (torn, "torn end"))
        if number
    )
    if damaged:
        return Finding("damage", BAD, f"{found} in spool/{DAMAGED}", "inspect, then remove them")
    if torn:
        advice = "writers were killed before they answered: nothing is lost, remove them"
        return Finding("damage", WARN, f"{found} in spool/{DAMAGED}", advice)
    return Finding("damage", GOOD, "none found in the spool")


def _lag(settings: Settings, clock: Clock) -> Finding:
    found = status_of.collect(settings, clock=clock)
    oldest = found.backlog.spool_oldest_s or 0.0
    text = f"oldest un-landed segment {oldest:.0f} s, {found.backlog.pending_records:,} records in no release"
    if oldest > 120:
        return Finding("lag", WARN, text, "is the lander running and the store reachable?")
    return Finding("lag", GOOD, text)
