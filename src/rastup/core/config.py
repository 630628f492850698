"""Configuration: one frozen dataclass a part, units in the names, a line of help under each field.

Precedence: defaults < `$RASTUP_HOME/rastup.toml` < environment (`RASTUP_<PART>__<FIELD>`, for example
`RASTUP_INGEST__PORT=8700`) < flags of the command. Read once at the rim, by `load`; code takes the part it needs.
"""

from __future__ import annotations

import dataclasses
import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_type_hints

from rastup.core import allowed
from rastup.core.allowed import BY_TYPE, Rule, whole_number
from rastup.core.errors import ConfigError
from rastup.core.paths import Home


def _f(default: Any, help: str, rule: Rule | None = None, *, secret: bool = False) -> Any:
    meta = {"help": help, "secret": secret, "rule": rule}
    if isinstance(default, tuple):
        return field(default_factory=lambda: default, metadata=meta)
    return field(default=default, metadata=meta)


_NOT_IN_HOME = re.compile(r'[?#%"\x00-\x1f\x7f\ud800-\udfff]')


class Served:
    """A part that listens on a port."""

    host: str
    port: int

    @property
    def netloc(self) -> str:
        """`host:port` as a client on this machine names it: `[::1]:8700`; the loopback one of all addresses."""
        ip = ipaddress.ip_address(self.host)
        if ip.is_unspecified:
            ip = ipaddress.ip_address("::1" if ip.version == 6 else "127.0.0.1")
        return f"[{ip}]:{self.port}" if ip.version == 6 else f"{ip}:{self.port}"

    @property
    def url(self) -> str:
        """Its address without a slash at its end."""
        return f"http://{self.netloc}"


@dataclass(frozen=True)
class IngestConfig(Served):
    """The collector."""

    host: str = _f("127.0.0.1", "address the collector listens on", allowed.HOST)
    port: int = _f(8700, "port the collector listens on", allowed.PORT)
    workers: int = _f(2, "collector worker processes", whole_number(1))
    max_request_bytes: int = _f(1_000_000, "largest request body, after inflation", allowed.SIZE)
    max_sdk_request_bytes: int = _f(
        6_500_000,
        "the same on the routes of public SDKs, which fill batches to sizes of their own",
        allowed.SIZE,
    )
    max_event_bytes: int = _f(32_768, "largest event", allowed.SIZE)
    max_event_depth: int = _f(32, "deepest nesting of an event", whole_number(1))
    max_events_per_request: int = _f(1_000, "most events in one request", whole_number(1))
    read_timeout_s: float = _f(
        15.0, "a client that has not sent its whole request by then is cut off", allowed.TIME_S
    )
    dedupe_window_events: int = _f(100_000, "event ids each worker remembers to answer `duplicate` at once")
    rate_limit_events_per_s: int = _f(0, "events a second and key, 0 for no limit; a key may carry its own")
    jwks: str = _f("", "JWKS file or URL; empty refuses JWTs")
    jwt_audience: str = _f("", "audience a JWT must name; empty accepts any")
    jwt_issuer: str = _f("", "issuer a JWT must name; empty accepts any")
    geo_database: str = _f("", "optional MaxMind-format file for coarse geo")
    trusted_proxies: tuple[str, ...] = _f(
        (), "addresses whose forwarding and geo headers are believed", allowed.ADDRESSES
    )
    cors_origins: tuple[str, ...] = _f((), "origins that may use /e with any key; a key may carry its own")


@dataclass(frozen=True)
class WebhooksConfig:
    """Webhooks of providers. A provider without a secret, key or topic here is refused."""

    env: str = _f("prod", "environment of what providers send: dev, stage or prod", allowed.ENV)
    test_env: str = _f(
        "",
        "environment of their tests; empty: `env`, or `stage` where that is prod and tests come with the keys of all else",
        allowed.ENV_OR_NONE,
    )
    stripe_secrets: tuple[str, ...] = _f((), "Stripe's active endpoint secrets (whsec_…)", secret=True)
    stripe_tolerance_s: int = _f(
        300, "a Stripe signature older or newer than this is refused", whole_number(1)
    )
    stripe_api_key: str = _f(
        "", "restricted read key for the objects of thin events; empty quarantines them", secret=True
    )
    sns_topics: tuple[str, ...] = _f((), "ARNs of the SNS topics that may speak for SES")
    sns_host_pattern: str = _f(
        r"sns\.[a-z]{2}(?:-[a-z]+)+-[0-9]\.amazonaws\.com(?:\.cn)?",
        "hosts that may serve SNS certificates and confirm subscriptions, as a regular expression",
    )
    sns_certificates: str = _f("", "folder of SNS certificates by file name, read before any download")
    sns_authorities: str = _f("", "PEM file of authorities that SNS certificates must chain to; empty: TLS")
    docusign_keys: tuple[str, ...] = _f((), "DocuSign Connect's active HMAC keys", secret=True)
    dropbox_sign_keys: tuple[str, ...] = _f((), "Dropbox Sign's active API keys", secret=True)


@dataclass(frozen=True)
class RedirectConfig:
    """Signed links, `/r/<token>`."""

    targets: tuple[str, ...] = _f(
        ("rastup.com", "*.rastup.com"),
        "hosts that links may lead to, over https; `*.` for those below; `http://host:port` for one origin",
    )
    valid_s: int = _f(300, "how long after it was made a link counts as a click", whole_number(1))
    skew_s: int = _f(30, "how far the clock of who makes links may be ahead of the collector's")
    store_url: str = _f(
        "",
        "SQLAlchemy URL of the used links; empty means SQLite below `$RASTUP_HOME/state`",
        allowed.DATABASE,
        secret=True,
    )
    store_wait_ms: float = _f(
        25.0, "how long a click waits for that store before it is forwarded all the same"
    )


@dataclass(frozen=True)
class SpoolConfig:
    """The embedded bus between collector and lander."""

    max_bytes: int = _f(
        2_000_000_000, "bound of all un-landed bytes; beyond it the collector answers 503", allowed.SIZE
    )
    min_free_disk_bytes: int = _f(256_000_000, "free disk below which the collector answers 503")
    segment_max_bytes: int = _f(32_000_000, "a segment is sealed at this size", allowed.SIZE)
    segment_max_age_s: float = _f(50.0, "a segment is sealed at this age, so that its files land within 60 s")
    commit_linger_ms: float = _f(
        0.0, "how long a group commit waits for company before it syncs", allowed.number(0, 1_000)
    )


@dataclass(frozen=True)
class BusConfig:
    """What carries events from the collectors to the lander: the spool itself, or a broker in between."""

    kind: str = _f("spool", "spool, kafka or kinesis", allowed.BUS)
    topic: str = _f(
        "rastup-events", "Kafka topic or Kinesis stream of the collectors' records", allowed.TOPIC
    )
    brokers: str = _f("", "Kafka: `host:port`, several with commas", allowed.BROKERS)
    kafka_options: tuple[str, ...] = _f(
        (), "Kafka: more settings of librdkafka as `name=value`, for example of TLS and SASL", secret=True
    )
    kinesis_region: str = _f("us-east-1", "Kinesis: region of the stream", allowed.REGION)
    kinesis_endpoint: str = _f(
        "", "Kinesis: endpoint of an emulator or a VPC; empty means AWS", allowed.ENDPOINT
    )
    delivery_timeout_s: float = _f(
        10.0, "an event that the bus has not confirmed by then is answered 503", allowed.TIME_S
    )
    max_in_flight_bytes: int = _f(
        64_000_000, "unconfirmed bytes of a worker beyond which it answers 503", allowed.SIZE
    )
    max_message_bytes: int = _f(
        1_000_000,
        "largest record on the bus; what quarantines more keeps its beginning",
        whole_number(65_536),
    )


@dataclass(frozen=True)
class BronzeConfig:
    """Bronze: where its files lie."""

    url: str = _f("", "`file:///…` or `s3://bucket/prefix`; empty means `$RASTUP_HOME/bronze`", allowed.PLACE)
    file_max_bytes: int = _f(5_000_000, "a Bronze file closes at this size (compressed)", allowed.SIZE)
    quarantine_keep_days: int = _f(
        90, "refused events are removed after so many days; 0 keeps them", allowed.whole_number(0, 36_500)
    )
    s3_endpoint: str = _f("", "endpoint of an S3-compatible store; empty means AWS")
    s3_region: str = _f("us-east-1", "region of the store")
    s3_access_key_id: str = _f("", "access key; empty uses the environment's credentials", secret=True)
    s3_secret_access_key: str = _f("", "secret key", secret=True)
    s3_path_style: bool = _f(True, "address buckets by path")


@dataclass(frozen=True)
class LakeConfig:
    """The Iceberg catalog, warehouse and engine."""

    catalog_uri: str = _f(
        "",
        "SQLAlchemy URL of the Iceberg catalog; empty means SQLite below `$RASTUP_HOME/lake`",
        allowed.DATABASE,
        secret=True,
    )
    warehouse: str = _f(
        "", "`file:///…` or `s3://…`; empty means `$RASTUP_HOME/lake/warehouse`", allowed.PLACE
    )
    engine_threads: int = _f(0, "DuckDB threads; 0 means the machine's cores")
    engine_memory_mb: int = _f(3_000, "DuckDB memory limit of a build", whole_number(100))
    marts_env: str = _f("prod", "the environment that Gold and NRT hold", allowed.ENV)
    release_keep: int = _f(24, "newest releases kept readable, besides the current one")
    release_keep_hours: int = _f(
        24, "for so many hours the last release of each stays readable", allowed.whole_number(0, 720)
    )
    release_keep_days: int = _f(
        7, "for so many days the last release of each stays readable", allowed.whole_number(0, 366)
    )
    snapshot_grace_s: int = _f(900, "files that no release holds are removed after this time")


@dataclass(frozen=True)
class PipelineConfig:
    """The pipeline loop."""

    build_interval_s: float = _f(20.0, "time between two looks for new Bronze files", allowed.TIME_S)
    nrt_interval_s: float = _f(2.0, "time between two refreshes of the operations views", allowed.TIME_S)
    lease_wait_s: float = _f(120.0, "how long a build waits for the lake's writer lease")


@dataclass(frozen=True)
class ConsoleConfig(Served):
    """The web console."""

    host: str = _f("127.0.0.1", "address the console listens on", allowed.HOST)
    port: int = _f(8701, "port the console listens on", allowed.PORT)
    allowed_hosts: tuple[str, ...] = _f(
        (), "names and addresses by which others reach the console, which has no log-in", allowed.HOSTS
    )
    query_timeout_s: float = _f(
        30.0, "the lake's queries for a page are stopped after this time", allowed.TIME_S
    )


@dataclass(frozen=True)
class StateConfig:
    """The state database."""

    url: str = _f(
        "", "SQLAlchemy URL; empty means SQLite below `$RASTUP_HOME/state`", allowed.DATABASE, secret=True
    )


@dataclass(frozen=True)
class Settings:
    """Everything a process needs to know, and where each value came from (`origin["ingest.port"]`)."""

    home: Home
    ingest: IngestConfig = field(default_factory=IngestConfig)
    webhooks: WebhooksConfig = field(default_factory=WebhooksConfig)
    redirect: RedirectConfig = field(default_factory=RedirectConfig)
    spool: SpoolConfig = field(default_factory=SpoolConfig)
    bus: BusConfig = field(default_factory=BusConfig)
    bronze: BronzeConfig = field(default_factory=BronzeConfig)
    lake: LakeConfig = field(default_factory=LakeConfig)
    pipeline: PipelineConfig = field(default_factory=PipelineConfig)
    console: ConsoleConfig = field(default_factory=ConsoleConfig)
    state: StateConfig = field(default_factory=StateConfig)
    origin: Mapping[str, str] = field(default_factory=dict)

    @property
    def bronze_url(self) -> str:
        """Bronze's root as a URL without a slash at its end."""
        return (self.bronze.url or self.home.bronze.absolute().as_uri()).rstrip("/")

    @property
    def state_url(self) -> str:
        """SQLAlchemy URL of the state database."""
        return self.state.url or f"sqlite:///{self.home.state.absolute() / 'rastup.db'}"

    @property
    def clicks_url(self) -> str:
        """SQLAlchemy URL of the links that were used."""
        return self.redirect.store_url or f"sqlite:///{self.home.state.absolute() / 'clicks.db'}"

    @property
    def catalog_uri(self) -> str:
        """SQLAlchemy URL of the Iceberg catalog."""
        return self.lake.catalog_uri or f"sqlite:///{self.home.lake.absolute() / 'catalog.db'}"

    @property
    def warehouse_url(self) -> str:
        """The Iceberg warehouse's root as a URL without a slash at its end."""
        return (self.lake.warehouse or (self.home.lake / "warehouse").absolute().as_uri()).rstrip("/")


_PASSWORD = re.compile(r"(?<=://)([^/?#\s]*?):[^/?#\s]*@")
_PARAMETER = re.compile(r"([?&][\w.-]*(?:pass|pwd|secret|token|key|sig|auth)[\w.-]*=)[^&#\s]+", re.I)


def without_credentials(text: str) -> str:
    """A text with the passwords, tokens and keys in its URLs replaced by `***`."""
    return _PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))


PARTS: dict[str, type[Any]] = {
    "ingest": IngestConfig,
    "webhooks": WebhooksConfig,
    "redirect": RedirectConfig,
    "spool": SpoolConfig,
    "bus": BusConfig,
    "bronze": BronzeConfig,
    "lake": LakeConfig,
    "pipeline": PipelineConfig,
    "console": ConsoleConfig,
    "state": StateConfig,
}


def load(
    home: str | Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Reads the settings of one deployment.

    Args:
        home: the deployment's folder; else `RASTUP_HOME`, else `./.rastup`.
        environ: the environment, by default the process's.
        overrides: flags as `{"ingest.port": 8800}`; `None` values are ignored.

    Raises:
        ConfigError: names the source, the key, the value, what is allowed.
    """
    environ = os.environ if environ is None else environ
    folder = Home(_home_path(home or environ.get("RASTUP_HOME") or ".rastup"))
    raw: dict[str, tuple[Any, str]] = {}
    raw.update(_from_file(folder.config_file))
    raw.update(_from_environment(environ))
    raw.update({k: (v, "flag") for k, v in (overrides or {}).items() if v is not None})
    parts: dict[str, Any] = {}
    for part, cls in PARTS.items():
        hints = get_type_hints(cls)
        values = {
            f.name: _read(f, hints[f.name], f"{part}.{f.name}", *raw[f"{part}.{f.name}"])
            for f in dataclasses.fields(cls)
            if f"{part}.{f.name}" in raw
        }
        parts[part] = cls(**values)
    return Settings(home=folder, **parts, origin={k: source for k, (_, source) in raw.items()})


def _home_path(home: str | Path) -> Path:
    path = Path(home).absolute()
    if found := _NOT_IN_HOME.search(str(path)):
        # Catalogs and databases name files by URL, in which these mean something else: they would write beside the home.
        # Surrogates stand for bytes that are no UTF-8, and cannot be written anywhere.
        raise ConfigError(
            f'--home {str(path)[:200]!r}: its path holds {found.group()!r}. Not allowed are ? # % ", control characters '
            "and bytes that are no UTF-8; choose another folder."
        )
    return path


def known_keys() -> list[str]:
    """Every key as `part.field`."""
    return [f"{part}.{f.name}" for part, cls in PARTS.items() for f in dataclasses.fields(cls)]


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        if not path.is_file():
            return {}
        document = tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); set RASTUP_HOME or --home to a folder that can be read and written."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}. Mend or remove the file.") from error
    found: dict[str, tuple[Any, str]] = {}
    for part, values in document.items():
        if part not in PARTS or not isinstance(values, dict):
            raise ConfigError(
                f"{path}: unknown table [{part}]; {_meant(part, PARTS)}allowed: {', '.join(PARTS)}."
            )
        for name, value in values.items():
            _require_known(f"{part}.{name}", str(path))
            found[f"{part}.{name}"] = (value, str(path))
    return found


def _from_environment(environ: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    found: dict[str, tuple[Any, str]] = {}
    for variable, value in environ.items():
        if variable.startswith("RASTUP_") and "__" in variable:
            part, _, name = variable.removeprefix("RASTUP_").lower().partition("__")
            _require_known(f"{part}.{name}", f"environment variable {variable}")
            found[f"{part}.{name}"] = (value, variable)
    return found


def _require_known(key: str, source: str) -> None:
    if key not in known_keys():
        part = key.partition(".")[0]
        near = [k for k in known_keys() if k.startswith(part + ".")] or list(PARTS)
        raise ConfigError(
            f"{source}: unknown setting {key!r}; {_meant(key, known_keys())}allowed: {', '.join(near)}."
        )


def _meant(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}? Otherwise " if near else ""


def _read(setting: dataclasses.Field[Any], kind: Any, key: str, value: Any, source: str) -> Any:
    rule = setting.metadata["rule"] or BY_TYPE[kind]
    try:
        return rule.read(value)
    except (TypeError, ValueError) as error:
        shown = "its secret value" if setting.metadata["secret"] else repr(value)[:200]
        raise ConfigError(f"{source}: {key} = {shown} is not allowed; give {rule.words}.") from error
