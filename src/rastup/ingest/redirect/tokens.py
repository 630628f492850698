"""Click tokens: `ct_<head>.<target>.<signature>`.

The head says who clicks, when the link was made, which key signed, what is recorded, and a digest of the target; the
signature is HMAC-SHA-256 over the head. Without the target (`ct_<head>..<signature>`) a token is a *proof*: what the record
keeps of it, still verifiable, leading nowhere.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson

from rastup.contracts.validation import Record
from rastup.ingest.redirect.keyring import ClickKey

PREFIX = "ct_"
LONGEST = 4096
FORGED, EXPIRED, EARLY, REPLAYED, ELSEWHERE = "forged", "expired", "early", "replayed", "elsewhere"
ROTATION_S = 60.0
"""Who makes links may have read the signing key this long before it was retired."""
_FORM = re.compile(r"ct_([A-Za-z0-9_-]{20,2700})\.([A-Za-z0-9_-]{0,1400})\.([A-Za-z0-9_-]{43})", re.ASCII)
_NO_KEY = ClickKey("", secrets.token_bytes(32), "")


class TokenRefusedError(Exception):
    """A token that proves nothing; `reason` is for counting, not for who sent it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Click:
    """What a token stands for, and what a click on it is recorded as.

    Attributes:
        event: name of the event, a click of the catalogue; `v` its version.
        payload: of the event.
        user_id: who clicks, when known; else `anon_id`, or nobody.
        role: of who clicks.
        env: where the event belongs.
        ids: of the event.
        campaign: `utm_source`, `utm_medium`, `utm_campaign`.
        made_s: when the link was made, seconds since the epoch.
        nonce: makes the token unique.
        key_id: of the key that signed.
    """

    event: str
    v: int = 1
    payload: Mapping[str, Any] = field(default_factory=dict)
    user_id: str | None = None
    anon_id: str | None = None
    role: str = "guest"
    env: str = "prod"
    city: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    campaign: Mapping[str, str] = field(default_factory=dict)
    made_s: float = 0.0
    nonce: str = ""
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """A token whose signature holds. `target` is None in a proof."""

    click: Click
    target: str | None
    proof: str


def record_of(click: Click, now: str, proof: str | None = None) -> Record:
    """What a click that happens now is recorded as, in the domain dialect; it has no id of its own yet."""
    record: Record = {
        "event": click.event,
        "v": click.v,
        "occurred_at": now,
        "context": {"role": click.role},
        "ids": dict(click.ids),
        "payload": dict(click.payload),
        "campaign": dict(click.campaign),
    }
    if proof is not None:
        record["campaign"]["click_token"] = proof
    whose = {"user_id": click.user_id, "anon_id": click.anon_id, "city": click.city}
    return record | {name: value for name, value in whose.items() if value is not None}


_SHORT = {
    "e": "event",
    "v": "v",
    "p": "payload",
    "u": "user_id",
    "a": "anon_id",
    "r": "role",
    "n": "env",
    "c": "city",
    "i": "ids",
    "m": "campaign",
    "t": "made_s",
    "o": "nonce",
    "k": "key_id",
}


def sign(click: Click, target: str, key: ClickKey, now_s: float) -> str:
    """The token of a link to `target`; `click.made_s`, `nonce` and `key_id` are set here."""
    made = {"made_s": round(now_s, 3), "nonce": secrets.token_urlsafe(12), "key_id": key.key_id}
    values = {name: getattr(click, name) for name in _SHORT.values()} | made
    place = _encode(target.encode())
    head = {short: values[name] for short, name in _SHORT.items() if values[name] not in (None, {})}
    text = _encode(orjson.dumps({**head, "d": _digest(place)}))
    return f"{PREFIX}{text}.{place}.{_signature(text, key)}"


def verify(token: str, keys: Mapping[str, ClickKey]) -> Signed:
    """What a token says, when one of `keys` signed it in its time. Its age is judged by `check_age`.

    Raises:
        TokenRefusedError: forged, cut, of an unknown key, or no token at all.
    """
    form = _FORM.fullmatch(token) if len(token) <= LONGEST else None
    if form is None:
        raise TokenRefusedError(FORGED)
    head, place, signature = form.groups()
    said = _read_head(head)
    key_id = said.get("k")
    key = keys.get(key_id, _NO_KEY) if isinstance(key_id, str) else _NO_KEY
    # Text with text: base64 has several spellings of the same bytes, and only ours is a signature.
    is_genuine = hmac.compare_digest(_signature(head, key), signature) and key is not _NO_KEY
    if not is_genuine or (place and not hmac.compare_digest(_digest(place), said["d"])):
        raise TokenRefusedError(FORGED)
    click = Click(**{name: said[short] for short, name in _SHORT.items() if short in said})
    if click.made_s > key.retired_s + ROTATION_S:
        raise TokenRefusedError(FORGED)
    target = _decode(place).decode() if place else None
    return Signed(click, target, f"{PREFIX}{head}..{signature}")


def check_age(click: Click, now_s: float, *, valid_s: float, skew_s: float) -> None:
    """Refuses a link that is too old to be clicked, or of the future.

    Raises:
        TokenRefusedError: expired or early.
    """
    if now_s >= click.made_s + valid_s:
        raise TokenRefusedError(EXPIRED)
    if now_s < click.made_s - skew_s:
        raise TokenRefusedError(EARLY)


def key_id_of(token: str) -> str | None:
    """The key that a token names, unverified: only to look for it."""
    form = _FORM.fullmatch(token) if len(token) <= LONGEST else None
    named = _read_head(form[1]).get("k") if form else None
    return named if isinstance(named, str) else None


def _read_head(text: str) -> dict[str, Any]:
    try:
        head = orjson.loads(_decode(text))
    except (ValueError, orjson.JSONDecodeError):
        return {}
    return head if isinstance(head, dict) else {}


def _signature(head: str, key: ClickKey) -> str:
    return _encode(hmac.digest(key.secret, f"{PREFIX}{head}".encode(), "sha256"))


def _digest(place: str) -> str:
    return _encode(sha256(place.encode()).digest()[:16])


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
