"""What a user agent tells: a hash that stands for it, the operating system, the class of the device, if it is a program.

Maintained data decides: the patterns of uap-core for systems, of crawler-user-agents for crawlers, in one compiled automaton
each. The user agent itself is kept nowhere but in the memory of the last ones, which makes a known one cost nothing.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import orjson
import yaml
from ua_parser_builtins.lazy import MATCHERS
from ua_parser_rs import OSExtractor, UserAgentExtractor

from rastup.contracts.mapping import Message, hashed

KEPT = 4096
LONGEST_KEPT = 512
LONGEST_READ = 1024
"""No browser's is longer; what follows tells nothing."""

UNKNOWN_OS = "Other"
# Libraries and tools that call themselves so, whether a list knows them or not; CUBOT is a maker of telephones.
_PROGRAM = re.compile(
    r"(?:(?<!cu)bot|crawler|spider)(?![a-z])|headless|https?://[^\s;)]{4,}/[^\s;)]*bot"
    r"|^(?:curl|wget|python|java|go-http-client|okhttp|axios|node|ruby|php|perl|libwww|apache-httpclient"
    r"|postman)(?![a-z])",
    re.I,
)
_TV = re.compile(
    r"smart-?tv|\btv\b|hbbtv|apple ?tv|google ?tv|roku|bravia|netcast|web0s|webos\.tv|viera|crkey|\baft[a-z]{1,2}\b"
    r"|chromecast|dtv|inettv|philipstv|tizen.{0,40}tv",
    re.I,
)
_CONSOLE = re.compile(r"playstation|xbox|nintendo|\bwii\b", re.I)
_WEARABLE = re.compile(r"watchos|apple watch|wear ?os|tizen.{0,20}sm-r\d|glass \d|\bwatch\d?[,/]", re.I)
_TABLET = re.compile(
    r"ipad|tablet|kindle|silk/|\bkf[a-z]{2,6}\b|playbook|nexus (?:7|9|10)\b|galaxy tab|\bsm-[tx]\d|\bgt-[pn][15678]\d"
    r"|\bsch-i[789]00|xoom|transformer|\btf\d{3}|mediapad|lenovo (?:tab|yoga|b[68]000|ideatab)|\btb-?\w?\d{3}",
    re.I,
)
_MOBILE = re.compile(
    r"mobile|iphone|ipod|phone|android|blackberry|bb10|symbian|symbos|series ?[46]0|midp|opera mini|opera mobi|webos|maemo"
    r"|meego|j2me|brew|docomo|kddi|softbank|up\.browser|nokia|sonyericsson|bada|kaios|palm",
    re.I,
)
_DESKTOP = re.compile(
    r"windows|macintosh|mac os x|x11|linux|cros|bsd|solaris|sunos|win(?:9|nt|32|64)|darwin", re.I
)
_CLASSES = (
    ("tv", _TV),
    ("console", _CONSOLE),
    ("wearable", _WEARABLE),
    ("tablet", _TABLET),
)


@dataclass(frozen=True, slots=True)
class UserAgent:
    """What is kept of a user agent.

    Attributes:
        ua_hash: stands for the user agent.
        os: family of the system, as uap-core names it (`iOS`, `Android`, `Windows`, `Mac OS X`); empty when unknown.
        device_class: `mobile`, `tablet`, `desktop`, `tv`, `console`, `wearable`, `bot`; empty when unknown.
        is_bot: whether it calls itself a crawler or a program.
    """

    ua_hash: str
    os: str
    device_class: str
    is_bot: bool


class AgentFields:
    """Where messages say their user agent, by dialect.

    Args:
        root: of the contracts.
    """

    def __init__(self, root: Path) -> None:
        table: dict[str, list[str]] = yaml.safe_load((root / "mapping" / "user_agents.yaml").read_text())
        self._places = {
            dialect: tuple(path.rpartition(".")[::2] for path in paths) for dialect, paths in table.items()
        }

    def of(self, dialect: str, message: Message) -> UserAgent | None:
        """What the message's own user agent tells, or None without one."""
        for section, name in self._places.get(dialect, ()):
            place = message.get(section) if section else message
            if isinstance(place, dict) and name in place and isinstance(agent := place[name], str) and agent:
                return read(agent)
        return None


def describe(record: Message, agent: UserAgent) -> None:
    """Fills what the record does not say itself of its device."""
    device = record.setdefault("device", {})
    device.setdefault("ua_hash", agent.ua_hash)
    if agent.os:
        device.setdefault("os", agent.os)
    if agent.device_class:
        record["context"].setdefault("device_class", agent.device_class)


def read(agent: str) -> UserAgent:
    """What a user agent tells. Only short ones are remembered, so that long ones do not fill the memory."""
    return _remembered(agent) if len(agent) <= LONGEST_KEPT else _read(agent)


def load() -> None:
    """Loads the data now, so that the first request of a server is as fast as the rest."""
    _systems()
    _crawlers()


def _read(agent: str) -> UserAgent:
    text = agent[:LONGEST_READ]
    is_bot = _crawlers().extract(text) is not None or _PROGRAM.search(text) is not None
    found = _systems().extract(text)
    os = found.family if found is not None and found.family != UNKNOWN_OS else ""
    return UserAgent(hashed(agent), os[:64], "bot" if is_bot else _device_class(text), is_bot)


_remembered = lru_cache(maxsize=KEPT)(_read)


def _device_class(text: str) -> str:
    for name, pattern in _CLASSES:
        if pattern.search(text):
            return name
    # Tablets with Android leave out the word that telephones have.
    if "Android" in text and "Mozilla/5.0" in text and "Mobile" not in text:
        return "tablet"
    if _MOBILE.search(text):
        return "mobile"
    return "desktop" if _DESKTOP.search(text) else ""


@cache
def _systems() -> OSExtractor:
    # Not compiled by Python: the automaton takes the patterns as text.
    _, systems, _ = MATCHERS
    return OSExtractor((s.regex, s.family, s.major, s.minor, s.patch, s.patch_minor) for s in systems)


@cache
def _crawlers() -> UserAgentExtractor:
    """The package's own module would read its half megabyte of data slowly and compile nothing of it."""
    spec = importlib.util.find_spec("crawleruseragents")
    assert spec is not None and spec.submodule_search_locations is not None
    path = Path(spec.submodule_search_locations[0]) / "crawler-user-agents.json"
    crawlers = orjson.loads(path.read_bytes())
    return UserAgentExtractor((crawler["pattern"], "crawler", None, None, None, None) for crawler in crawlers)
