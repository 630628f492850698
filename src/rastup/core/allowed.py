"""What the value of a setting may be, as a rule that reads it and as words for whoever has to mend it."""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_DATABASE = re.compile(r"[a-z0-9_]+(?:\+[a-z0-9_]+)?://\S*")
_TOPIC = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_REGION = re.compile(_LABEL)
_HOST_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_BROKER = re.compile(
    r"(?:[a-z_]+://)?(?:\[(?P<ip>[^\]]*)\]|(?P<host>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]{1,5}))?", re.I
)


@dataclass(frozen=True)
class Rule:
    """What is allowed: `words` say it, `read` makes the value of what a file or a variable holds.

    `read` raises ValueError or TypeError for everything else.
    """

    words: str
    read: Callable[[Any], Any]


def whole_number(at_least: int = 0, at_most: int | None = None) -> Rule:
    """A whole number from `at_least` on, up to `at_most`."""

    def read(value: Any) -> int:
        _require(not isinstance(value, bool | float))
        number = int(value)
        _require(number >= at_least and (at_most is None or number <= at_most))
        return number

    return Rule(f"a whole number {_range(at_least, at_most)}", read)


def number(at_least: float = 0, at_most: float | None = None) -> Rule:
    """A finite number from `at_least` on, up to `at_most`."""

    def read(value: Any) -> float:
        found = float(value)
        _require(not isinstance(value, bool) and math.isfinite(found))
        _require(found >= at_least and (at_most is None or found <= at_most))
        return found

    return Rule(f"a number {_range(at_least, at_most)}", read)


def one_of(*names: str) -> Rule:
    """One of some names; the empty one is called nothing."""

    def read(value: Any) -> str:
        _require(value in names)
        return str(value)

    words = [name or "nothing" for name in names]
    return Rule(f"{', '.join(words[:-1])} or {words[-1]}", read)


def _formed(pattern: re.Pattern[str], words: str, *, or_empty: bool = False) -> Rule:
    def read(value: Any) -> str:
        _require(pattern.fullmatch(_text(value)) is not None or (or_empty and value == ""))
        return str(value)

    return Rule(words, read)


def _range(at_least: float, at_most: float | None) -> str:
    return f"≥ {at_least}" if at_most is None else f"from {at_least} to {at_most}"


def _port(value: Any) -> int:
    _require(not isinstance(value, bool | float))
    number = int(value)
    _require(0 <= number <= 65535)
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    _require(str(value).lower() in _TRUE | _FALSE)
    return str(value).lower() in _TRUE


def _text(value: Any) -> str:
    _require(isinstance(value, str))
    return str(value)


def _texts(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    return tuple(str(item).strip() for item in items if str(item).strip())


def _addresses(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    for address in found:
        ipaddress.ip_address(address)
    return found


def _host(value: Any) -> str:
    host = "127.0.0.1" if value == "localhost" else _text(value)
    ipaddress.ip_address(host)
    return host


def _hosts(value: Any) -> tuple[str, ...]:
    found = (host.lower().removeprefix("[").removesuffix("]") for host in _texts(value))
    return tuple(host if _HOST_NAME.fullmatch(host) else str(ipaddress.IPv6Address(host)) for host in found)


def _brokers(value: Any) -> str:
    for broker in _text(value).split(",") if value else ():
        found = _BROKER.fullmatch(broker.strip())
        _require(found is not None)
        parts = found.groupdict() if found else {}
        _require(1 <= int(parts["port"] or 9092) <= 65535)
        if parts["ip"] is not None:
            ipaddress.IPv6Address(parts["ip"])
    return str(value)


def _endpoint(value: Any) -> str:
    if not _text(value):
        return ""
    parts = urlsplit(value)
    host = parts.hostname or ""
    _require(parts.scheme in ("http", "https") and parts.port != 0 and not re.search(r"[\s\x00-\x1f]", value))
    _require("@" not in parts.netloc and not parts.query and not parts.fragment)
    if ":" in host:
        ipaddress.IPv6Address(host)
    else:
        _require(_HOST_NAME.fullmatch(host) is not None)
    return str(value)


def _place(value: Any) -> str:
    parts = urlsplit(_text(value))
    in_files = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    _require(not value or in_files or (parts.scheme == "s3" and bool(parts.netloc)))
    return str(value)


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise ValueError


TIME_S = number(0.1, 86_400)
"""Of time-outs and pauses. At 0 some libraries wait without end, and loops turn without rest."""
SIZE = whole_number(1)
"""Of bounds. At 0 nothing would pass, though it may be meant as no bound."""
PORT = Rule("a port from 0 to 65535", _port)
FLAG = Rule("true or false", _flag)
TEXT = Rule("text", _text)
TEXTS = Rule("a list of text", _texts)
ADDRESSES = Rule("a list of IP addresses", _addresses)
HOST = Rule("an IP address of this machine, 0.0.0.0 for all of them, or localhost", _host)
HOSTS = Rule("a list of host names and IP addresses without ports, for example console.example.com", _hosts)
ENV = one_of("dev", "stage", "prod")
ENV_OR_NONE = one_of("dev", "stage", "prod", "")
BUS = one_of("spool", "kafka", "kinesis")
TOPIC = _formed(_TOPIC, "1 to 128 letters, digits, `.`, `_` and `-`")
BROKERS = Rule("`host:port`, several with commas, ports from 1 to 65535", _brokers)
REGION = _formed(_REGION, "1 to 63 letters, digits and `-`, for example us-east-1")
ENDPOINT = Rule("`http://host:port`, `https://…`, or nothing", _endpoint)
PLACE = Rule("`file:///…` with a full path, `s3://bucket/…`, or nothing", _place)
DATABASE = _formed(
    _DATABASE,
    "an SQLAlchemy URL such as `sqlite:////path/file.db` or `postgresql+psycopg://…`",
    or_empty=True,
)

BY_TYPE: dict[Any, Rule] = {
    int: whole_number(),
    float: number(),
    bool: FLAG,
    str: TEXT,
    tuple[str, ...]: TEXTS,
}
"""The rule of a setting that has none of its own."""
