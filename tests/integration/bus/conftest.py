"""Each bus that can be had here, as the same thing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.bus.rigs import KafkaBroker, KafkaRig, KinesisRig, Moto, Rig, SpoolRig


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="session")
def kafka_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaBroker]:
    """One for all tests."""
    broker = KafkaBroker(tmp_path_factory.mktemp("kafka"))
    broker.start()
    yield broker
    broker.kill()


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    """One for all tests."""
    server = Moto(tmp_path_factory.mktemp("moto"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def spool(tmp_path: Path) -> SpoolRig:
    """The bus that needs nothing beside itself."""
    return SpoolRig(tmp_path)


@pytest.fixture
def kafka(tmp_path: Path, kafka_broker: KafkaBroker) -> KafkaRig:
    """A topic of its own."""
    rig = KafkaRig(tmp_path, kafka_broker)
    rig.open()
    return rig


@pytest.fixture
def kinesis(tmp_path: Path, moto: Moto) -> KinesisRig:
    """A stream of its own."""
    rig = KinesisRig(tmp_path, moto)
    rig.open()
    return rig


@pytest.fixture(params=["spool", "kafka", "kinesis"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """Every bus."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]


@pytest.fixture(params=["kafka", "kinesis"])
def broker(request: pytest.FixtureRequest) -> Rig:
    """Every bus that is read into the spool."""
    return request.getfixturevalue(request.param)  # type: ignore[no-any-return]
