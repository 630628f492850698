"""Providers' documents become domain events. How is data: `contracts/mapping/webhooks/<provider>.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rastup.contracts.registry import Contract, Registry
from rastup.core.clock import epoch_ms
from rastup.core.errors import ConfigError
from rastup.core.ids import derive_event_id
from rastup.ingest.webhooks.fields import Currencies, Names, Reader, opaque, reader, rfc3339

Record = dict[str, Any]
Condition = Callable[[Any], bool]
_RULE_KEYS = {
    "event",
    "v",
    "when",
    "each",
    "occurred_at",
    "role",
    "user_id",
    "city",
    "money",
    "ids",
    "payload",
}
UNKNOWN, IGNORED, MAPPED = "unknown", "ignored", "mapped"
LONGEST_ID = 512
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Rule:
    """How one domain event is made of a document."""

    event: str
    v: int
    role: str
    when: tuple[Condition, ...]
    each: Reader | None
    occurred_at: Reader | None
    fields: tuple[tuple[str, str, Reader], ...]
    """Part of the record (empty for the record itself), name, reader."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a delivery came to: its type as far as the mapping knows it, its id, what that type means, its records."""

    type: str
    id: str | None
    outcome: str
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Remembering:
    """Which objects a document names, which ids of ours it carries for them, and whether it tells or asks."""

    refs: tuple[Reader, ...]
    ids: tuple[tuple[str, Reader], ...]
    is_told_by: Condition
    is_asked_by: Condition


@dataclass(frozen=True, slots=True)
class References:
    """What one document says of the objects that it names; it asks for what earlier ones may know and it lacks."""

    refs: tuple[str, ...]
    ids: dict[str, str]
    is_telling: bool
    is_asking: bool


class ProviderMapping:
    """The mapping of one provider.

    Args:
        provider: its name, which with a delivery's id makes the ids of its events.
        document: the file's content.
        registry: the contracts that its events must have.

    Raises:
        ConfigError: names the type and what is wrong with its rule.
    """

    def __init__(self, provider: str, document: Mapping[str, Any], registry: Registry) -> None:
        self.provider = provider
        self._names = Names(document.get("names", {}))
        self._currencies = Currencies(document.get("decimals", {}))
        self._id = self._readers(document["id"])
        self._id_of = {kind: self._readers(paths) for kind, paths in document.get("id_of", {}).items()}
        self._type = self._names.first(document["type"])
        self._occurred_at = self._names.first(document["occurred_at"])
        self._dated_by = self._names.first(document.get("dated_by", document["occurred_at"]))
        self._common: Mapping[str, Any] = document.get("common", {})
        self.ignored: Mapping[str, str] = document.get("ignored", {})
        self._remembering = self._remember(document["remember"]) if "remember" in document else None
        self.rules: dict[str, tuple[Rule, ...]] = {}
        for kind, rules in document["events"].items():
            try:
                self.rules[kind] = tuple(self._rule(rule, registry) for rule in rules)
            except (ConfigError, KeyError, TypeError) as error:
                raise ConfigError(f"contracts/mapping/webhooks/{provider}.yaml: {kind}: {error}") from error

    def map(self, document: Any) -> Mapped:
        """The domain records of a document, without the server's fields. Never raises."""
        kind = self._type(document)
        key = self.id_of(document)
        if not isinstance(kind, str) or key is None or (kind not in self.rules and kind not in self.ignored):
            return Mapped("other", key, UNKNOWN)
        records = tuple(self._records(kind, key, document))
        return Mapped(kind, key, MAPPED if records else IGNORED, records)

    def type_of(self, document: Any) -> str:
        """The provider's word for what happened, fit for a log."""
        return opaque(self._type(document)) or "unreadable"

    def id_of(self, document: Any) -> str | None:
        """The provider's id of a delivery, the same when it is sent again; None when it has none."""
        kind = self._type(document)
        reads = self._id_of.get(kind, self._id) if isinstance(kind, str) else self._id
        parts = [read(document) for read in reads]
        if not any(parts) or any(isinstance(part, dict | list) for part in parts):
            return None
        key = "|".join("" if part is None else str(part) for part in parts)
        return key if len(key) <= LONGEST_ID else None

    def references(self, document: Any) -> References | None:
        """What the document tells of the objects that it names; None for a provider that remembers nothing."""
        if (remembering := self._remembering) is None:
            return None
        refs = dict.fromkeys(ref for read in remembering.refs if (ref := opaque(read(document))))
        ids = {name: value for name, read in remembering.ids if (value := read(document)) is not None}
        is_telling = remembering.is_told_by(document)
        lacks = not ids if is_telling else len(ids) < len(remembering.ids)
        return References(tuple(refs), ids, is_telling, lacks and remembering.is_asked_by(document))

    def _readers(self, paths: Sequence[str | Sequence[str]]) -> list[Reader]:
        return [self._names.first(path) for path in paths]

    def _remember(self, spec: Mapping[str, Any]) -> Remembering:
        ids = tuple(
            (name, reader(field, self._names, self._currencies)) for name, field in spec["ids"].items()
        )
        refs = tuple(self._names.first(path) for path in spec["refs"])
        return Remembering(refs, ids, self._condition(spec["told_by"]), self._condition(spec["asked_by"]))

    def _records(self, kind: str, key: str, document: Any) -> Iterator[Record]:
        told = rfc3339(self._occurred_at(document))
        dated = rfc3339(self._dated_by(document)) or told
        for rule in self.rules.get(kind, ()):
            for number, view in enumerate(_views(rule, document)):
                if not all(holds(view) for holds in rule.when):
                    continue
                record: Record = {"event": rule.event, "v": rule.v}
                if dated is not None:
                    content = f"{self.provider}|{key}|{rule.event}|{number}".encode()
                    record["event_id"] = derive_event_id(epoch_ms(dated), content)
                own = rfc3339(rule.occurred_at(view)) if rule.occurred_at else None
                if (moment := own or told) is not None:
                    record["occurred_at"] = moment
                record |= {"context": {"role": rule.role}, "ids": {}, "payload": {}}
                _fill(record, rule, view)
                yield record

    def _rule(self, spec: Mapping[str, Any], registry: Registry) -> Rule:
        if odd := set(spec) - _RULE_KEYS:
            raise ConfigError(f"unknown {sorted(odd)}; allowed: {sorted(_RULE_KEYS)}.")
        contract = registry.get(spec["event"], spec.get("v", 1))
        if contract is None:
            raise ConfigError(f"no contract {spec['event']} v{spec.get('v', 1)}.")
        return Rule(
            event=contract.event,
            v=contract.v,
            role=spec.get("role", self._common.get("role", "admin")),
            when=tuple(self._condition(one) for one in spec.get("when", ())),
            each=self._names.first(spec["each"]) if "each" in spec else None,
            occurred_at=self._names.first(spec["occurred_at"]) if "occurred_at" in spec else None,
            fields=tuple(self._fields(spec, contract)),
        )

    def _fields(self, spec: Mapping[str, Any], contract: Contract) -> Iterator[tuple[str, str, Reader]]:
        known = {"payload": {f.name for f in contract.fields}, "money": {"amount_cents", "currency"}}
        for part in ("ids", "money", "payload"):
            for name, field in {**self._common.get(part, {}), **spec.get(part, {})}.items():
                if name not in known.get(part, {name}):
                    raise ConfigError(f"{contract.event} has no {part} field {name!r}.")
                yield part, name, reader(field, self._names, self._currencies)
        for name in ("user_id", "city"):
            if field := spec.get(name, self._common.get(name)):
                yield "", name, reader(field, self._names, self._currencies)

    def _condition(self, spec: Mapping[str, Any]) -> Condition:
        read = self._names.first(spec["path"])
        if "exists" in spec:
            return lambda view: (read(view) is not None) is spec["exists"]
        if "gains" in spec:
            earlier = self._names.first(spec["over"])
            return lambda view: _gains(read(view), earlier(view), spec["gains"])
        wanted = spec.get("in", spec.get("not"))
        if not isinstance(wanted, list) or len(spec) != 2:
            raise ConfigError(
                f"a condition has a path, and `exists`, `in: […]`, `not: […]`, or `gains: {{…}}` and `over`; got {spec}."
            )
        return lambda view: (read(view) in wanted) is ("in" in spec)


def load_mapping(provider: str, registry: Registry) -> ProviderMapping:
    """Reads a provider's mapping below the registry's folder.

    Raises:
        ConfigError: names the file and what is wrong in it.
    """
    path = Path(registry.root) / "mapping" / "webhooks" / f"{provider}.yaml"
    try:
        document = yaml.load(path.read_text(), Loader=_LOADER)  # noqa: S506  either is a safe one
        return ProviderMapping(provider, document, registry)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{path}: {type(error).__name__}: {error}") from error


def _views(rule: Rule, document: Any) -> Iterator[Any]:
    """The document once, or once for each entry of a list, which is `item` there."""
    if rule.each is None:
        yield document
        return
    entries = rule.each(document)
    for entry in entries if isinstance(entries, list) else ():
        yield {**document, "item": entry}


def _gains(entries: Any, earlier: Any, values: Mapping[str, Any]) -> bool:
    """Whether a list has an entry with these values that is not in an earlier list, in whatever order they are."""
    before = earlier if isinstance(earlier, list) else []
    return any(
        isinstance(entry, dict) and values.items() <= entry.items() and entry not in before
        for entry in (entries if isinstance(entries, list) else ())
    )


def _fill(record: Record, rule: Rule, view: Any) -> None:
    for part, name, read in rule.fields:
        if (value := read(view)) is None:
            continue
        if part:
            record.setdefault(part, {})[name] = value
        else:
            record[name] = value
