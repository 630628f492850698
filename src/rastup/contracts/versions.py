"""Which version of a contract a message means that names none, as in the dialects of the web and of Segment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema_rs

from rastup.contracts.registry import Contract, Registry

Record = dict[str, Any]
Finish = Callable[[Record, Contract | None], None]


class Versions:
    """Chooses among the versions of a registry's events. An event of one version costs nothing."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._validators: dict[tuple[str, int], Any] = {}

    def read(self, record: Record, finish: Finish) -> Record:
        """The record under the newest version that takes it, or under the newest one of all when none does.

        Apps in the field go on sending what the last version asked for; a new one must not turn them away.

        Args:
            record: a record without `v`, of which `ids` and `payload` are not final.
            finish: makes them final, as the contract asks.
        """
        event = record["event"]
        known = self._registry.versions(event)
        if len(known) < 2:
            contract = self._registry.newest(event)
            record["v"] = contract.v if contract else 1
            finish(record, contract)
            return record
        found = []
        for v in reversed(known):
            contract = self._registry.get(event, v)
            trial = {**record, "v": v, "ids": dict(record["ids"]), "payload": dict(record.get("payload", {}))}
            finish(trial, contract)
            if contract is not None and self._is_taken(contract, trial):
                return trial
            found.append(trial)
        return found[0]

    def _is_taken(self, contract: Contract, record: Record) -> bool:
        key = (contract.event, contract.v)
        if key not in self._validators:
            self._validators[key] = jsonschema_rs.Draft202012Validator(
                dict(contract.schema), validate_formats=True, offline=True
            )
        return bool(self._validators[key].is_valid(record))
