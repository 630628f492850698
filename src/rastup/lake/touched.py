"""What a run touches of the models that are computed group by group, say order by order, so that it computes only that.

One model holds the groups' events (`links`): rows of it that share a value in one of its link columns belong together.
A run touches the groups of its new rows. The models that are `touched_by` a link read `touched.<schema>__<table>`
instead of each other's tables: the rows of touched groups, or all rows where everything is computed again.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from rastup.lake.project import EVENTS
from rastup.lake.spec import ModelSpec

LARGEST_SHARE = 0.3
"""Of the rows of the linking model: beyond it, everything again costs less."""
_NEW = (
    "_run_id = getvariable('run_id') "
    "and dt between list_min(getvariable('touched_days')) and list_max(getvariable('touched_days'))"
)


class Touched:
    """The touched groups of one run.

    Args:
        connection: of the engine.
        is_all: whether everything is computed again.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, *, is_all: bool) -> None:
        self._connection = connection
        self.is_all = is_all
        self.is_found = False
        self._shown: set[str] = set()

    def find(self, linking: ModelSpec, fresh: str) -> None:
        """Finds the groups, and lets others read their rows of the linking model.

        Args:
            linking: the model.
            fresh: the relation with the rows that are new in it.
        """
        if not self.is_all:
            self._show(
                "table touched.links", f"select event_id, {', '.join(linking.links)} from {linking.table}"
            )
            self._seed(linking, fresh)
            self.is_all = self._spread(linking.links)
        self.is_found = True
        relation = touched_relation(linking.table)
        if self.is_all:
            self._show(f"view {relation}", f"select * from {linking.table}")
        else:
            hit = "select event_id from touched.links where rowid in (select * from touched.hits)"
            self._show(f"table {relation}", f"select * from {linking.table} where event_id in ({hit})")

    def has(self, spec: ModelSpec) -> bool:
        """Whether the model's touched rows can be read."""
        return spec.table in self._shown

    def keep(self, spec: ModelSpec, staged: str) -> str:
        """Computes a model's touched rows; the relation that holds them until the end of the run."""
        relation = touched_relation(spec.table)
        self._show(f"table {relation}", f"select * from {staged}")
        self._shown.add(spec.table)
        return relation

    def stay(self, spec: ModelSpec) -> None:
        """Lets the others read the rows of a model that is not computed in this run, or that is computed as a whole."""
        relation = touched_relation(spec.table)
        where = "" if self.is_all else f" where {self.among(spec)}"
        self._show(f"view {relation}", f"select * from {spec.table}{where}")
        self._shown.add(spec.table)

    def among(self, spec: ModelSpec) -> str:
        """The predicate of a model's table that holds for the rows of touched groups, and never is null."""
        hits = [f"{column} in (select id from {_ids(link)})" for link, column in spec.touched_by]
        return f"coalesce({' or '.join(hits)}, false)"

    def _seed(self, linking: ModelSpec, fresh: str) -> None:
        """The link values of new rows; those that any new event can touch come from all of these."""
        seeds = dict(linking.seeds)
        for link in linking.links:
            new = f"select {link} as id from {fresh}"
            if link in seeds:
                new += f" union select {seeds[link]} as id from {EVENTS} where {_NEW}"
            self._show(f"table {_ids(link)}", f"select distinct id from ({new}) where id is not null")

    def _spread(self, links: Iterable[str]) -> bool:
        """Follows the links until no more rows belong to the touched groups; whether they are too many."""
        hits = " union ".join(
            f"select rowid from touched.links where {link} in (select id from {_ids(link)})" for link in links
        )
        largest, count = LARGEST_SHARE * self._count("touched.links"), -1
        while True:
            self._show("table touched.hits", hits)
            before, count = count, self._count("touched.hits")
            if count == before:
                return False
            if count > largest:
                return True
            for link in links:
                self._connection.execute(
                    f"insert into {_ids(link)} select distinct {link} from touched.links "
                    f"where rowid in (select * from touched.hits) and {link} is not null "
                    f"and {link} not in (select id from {_ids(link)})"
                )

    def _count(self, relation: str) -> int:
        [(count,)] = self._connection.execute(f"select count(*) from {relation}").fetchall()
        return int(count)

    def _show(self, relation: str, query: str) -> None:
        self._connection.execute(f"create or replace {relation} as {query}")


def touched_relation(table: str) -> str:
    """What models read that are computed group by group."""
    return f"touched.{table.replace('.', '__')}"


def _ids(link: str) -> str:
    return f"touched.ids_of_{link}"
