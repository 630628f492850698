"""`rastup release rollback`: the way back when something else is broken."""

from __future__ import annotations

from click.testing import CliRunner
from tests.unit.lake.released import publish

from rastup.cli.release import release
from rastup.core.config import Settings
from rastup.lake import releases
from rastup.lake.releases import MAIN, NRT, ReleaseTable
from rastup.state.database import open_state


def test_a_rollback_needs_no_operations_views(settings: Settings) -> None:
    engine = open_state(settings.state_url)
    whole, _ = publish(engine, MAIN), publish(engine, MAIN)
    gone = ReleaseTable("nrt.gone", 1, f"{settings.warehouse_url}/nrt/gone/metadata/1.metadata.json", 0)
    publish(engine, NRT, tables=(gone,))
    ask = ["rollback", whole, "--yes", "--home", str(settings.home.root)]
    CliRunner().invoke(release, ask, catch_exceptions=False)
    current = releases.current(engine)
    assert current is not None and current.release_id == whole
    engine.dispose()
