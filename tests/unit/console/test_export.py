"""A file says of which data it is."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.console.small_lake import NOW, LiveLake, card_of, scope_of

from rastup.console.cards import export

LAKE = LiveLake((), until=NOW - timedelta(hours=1))


def test_a_file_of_days_names_the_release() -> None:
    card, scope = card_of("gmv"), scope_of(LAKE)
    assert export.header(card, scope).endswith("| release: r | as of: 2026-11-14T14:00:00+00:00")
    assert export.file_name(card, scope, ".csv") == "gmv_2026-11-08_2026-11-14_all-cities_USD_r.csv"


def test_a_file_of_a_live_card_names_the_refresh_that_it_shows() -> None:
    card, scope = card_of("payout_backlog"), scope_of(LAKE)
    assert export.header(card, scope).endswith("| release: n | as of: 2026-11-14T15:00:01+00:00")
    assert export.file_name(card, scope, ".csv") == "payout_backlog_all-cities_USD_n.csv"
