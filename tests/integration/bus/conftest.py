"""Each bus that can be had here, as the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.bus.rigs import RIGS, KafkaRig, KinesisRig, Rig


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def _opened(rig: Rig) -> Iterator[Rig]:
    try:
        rig.open()
        yield rig
    finally:
        rig.close()


@pytest.fixture(params=RIGS, ids=lambda rig: rig.kind)
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Every bus."""
    yield from _opened(request.param(tmp_path))


@pytest.fixture(params=(KafkaRig, KinesisRig), ids=lambda rig: rig.kind)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    """Every bus that is read into the spool."""
    yield from _opened(request.param(tmp_path))


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Rig]:
    """Kafka alone."""
    yield from _opened(KafkaRig(tmp_path))


@pytest.fixture
def kinesis(tmp_path: Path) -> Iterator[Rig]:
    """Kinesis alone."""
    yield from _opened(KinesisRig(tmp_path))
