"""Click tokens: what verifies, what does not; the form against a second reading of it by hand."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rastup.ingest.redirect.keyring import ClickKey
from rastup.ingest.redirect.tokens import (
    EARLY,
    EXPIRED,
    FORGED,
    Click,
    TokenRefusedError,
    check_age,
    key_id_of,
    sign,
    verify,
)

KEY = ClickKey("k1", bytes(range(32)), "2026-11-21T10:00:00.000Z")
OTHER = ClickKey("k1", bytes(32), "2026-11-21T10:00:00.000Z")
KEYS = {"k1": KEY}
TARGET = "https://rastup.com/alerts/alr_1?x=1"
CLICK = Click("digest.click", 1, {"digest": "weekly"}, user_id="usr_1", campaign={"utm_source": "mail"})
NOW = 1_795_000_000.0


def reason(token: str, keys: dict[str, ClickKey] = KEYS) -> str:
    with pytest.raises(TokenRefusedError) as refusal:
        verify(token, keys)
    return refusal.value.reason


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def test_a_token_is_what_its_documentation_says() -> None:
    head, place, signature = sign(CLICK, TARGET, KEY, NOW).removeprefix("ct_").split(".")
    said = json.loads(decoded(head))
    assert said["u"] == "usr_1" and said["t"] == NOW and said["k"] == "k1" and len(decoded(said["o"])) == 12
    assert decoded(place).decode() == TARGET
    assert decoded(said["d"]) == hashlib.sha256(place.encode()).digest()[:16]
    assert decoded(signature) == hmac.new(KEY.secret, f"ct_{head}".encode(), hashlib.sha256).digest()


words = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(deadline=None)
@given(
    payload=st.dictionaries(words, words | st.integers(-(2**53), 2**53) | st.booleans(), max_size=5),
    user=st.none() | words,
    target=words,
)
def test_what_is_signed_is_read_back(payload: dict[str, object], user: str | None, target: str) -> None:
    click = Click("digest.click", 1, payload, user_id=user, ids={"leg_id": "leg_1"}, city="houston")
    signed = verify(sign(click, "https://x/" + target, KEY, NOW), KEYS)
    assert signed.target == "https://x/" + target
    unsigned = dataclasses.replace(signed.click, made_s=0.0, nonce="", key_id="")
    assert unsigned == click and signed.click.made_s == NOW


def test_two_links_to_one_place_are_two_tokens() -> None:
    assert sign(CLICK, TARGET, KEY, NOW) != sign(CLICK, TARGET, KEY, NOW)


def test_no_character_can_be_changed_added_or_taken_away() -> None:
    token = sign(CLICK, TARGET, KEY, NOW)
    for place in range(len(token)):
        for other in {"A", "B", "-", ".", "=", "%"} - {token[place]}:
            assert reason(token[:place] + other + token[place + 1 :]) == FORGED
        assert reason(token[:place]) == FORGED
        assert reason(token[:place] + token[place + 1 :]) == FORGED
    for more in string.ascii_letters[:8] + "=. \n\0":
        assert reason(token + more) == FORGED
        assert reason(more + token) == FORGED


def test_another_spelling_of_the_same_bytes_is_refused() -> None:
    token = sign(CLICK, TARGET, KEY, NOW)
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    last = alphabet.index(token[-1])  # 43 characters carry 258 bits, of which two mean nothing
    for low in range(4):
        spelled = token[:-1] + alphabet[last & ~3 | low]
        if spelled != token:
            assert decoded(spelled.rpartition(".")[2]) == decoded(token.rpartition(".")[2])
            assert reason(spelled) == FORGED


def test_a_target_is_bound_to_its_head() -> None:
    one, other = sign(CLICK, TARGET, KEY, NOW), sign(CLICK, "https://rastup.com/other", KEY, NOW)
    head, _, signature = one.split(".")
    assert reason(f"{head}.{other.split('.')[1]}.{signature}") == FORGED
    assert reason(f"{head}.{encoded(b'https://evil.example/')}.{signature}") == FORGED


def resigned(head: dict[str, object], key: ClickKey) -> str:
    text = encoded(json.dumps(head).encode())
    return f"ct_{text}..{encoded(hmac.digest(key.secret, f'ct_{text}'.encode(), 'sha256'))}"


@pytest.mark.parametrize(
    "head",
    [
        {"k": "k2", "t": NOW},
        {"k": "", "t": NOW},
        {"k": None, "t": NOW},
        {"k": ["k1"], "t": NOW},
        {"t": NOW},
        {"k": "k1", "alg": "none", "t": NOW},
        [],
    ],
)
def test_a_head_that_somebody_else_signed_is_refused(head: dict[str, object]) -> None:
    assert reason(resigned(head, OTHER)) == FORGED
    assert reason(resigned(head, ClickKey("", b"", ""))) == FORGED


@pytest.mark.parametrize(
    "token",
    [
        "",
        "ct_",
        "ct_..",
        "ct_" + "." * 200,
        "x" * 100_000,
        "ct_" + "A" * 100_000 + ".A." + "A" * 43,
        "ct_" + encoded(b"\xff" * 60) + ".A." + "A" * 43,
        "ct_" + encoded(b"[" * 2000) + ".A." + "A" * 43,
        "ct_ÄÖÜ" + "ä" * 60 + "." + "." + "ü" * 43,
        "ct_\u202e" + "A" * 60 + ".A." + "A" * 43,
        "ct_%2e%2e/" + "A" * 60,
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert reason(token) == FORGED
    key_id_of(token)


@settings(deadline=None)
@given(
    st.text(max_size=300) | st.from_regex(r"ct_[A-Za-z0-9_-]{20,80}\.[A-Za-z0-9_-]{0,20}\.[A-Za-z0-9_-]{43}")
)
def test_nothing_that_is_not_signed_verifies(text: str) -> None:
    assert reason(text) == FORGED
    key_id_of(text)


def test_the_proof_verifies_and_leads_nowhere() -> None:
    signed = verify(sign(CLICK, TARGET, KEY, NOW), KEYS)
    proof = verify(signed.proof, KEYS)
    assert proof.click == signed.click and proof.target is None and proof.proof == signed.proof
    assert reason(signed.proof[:-1] + ("A" if signed.proof[-1] != "A" else "B")) == FORGED


def test_a_retired_key_verifies_what_it_signed_in_its_time() -> None:
    moment = "2026-11-21T10:00:00.000Z"
    retired = {"k1": dataclasses.replace(KEY, retired_at=moment)}
    at = 1_795_255_200.0  # 2026-11-21T10:00:00Z
    assert verify(sign(CLICK, TARGET, KEY, at - 1), retired).target == TARGET
    assert reason(sign(CLICK, TARGET, KEY, at + 61), retired) == FORGED


@pytest.mark.parametrize(
    ("age_s", "expected"),
    [(0, None), (299.9, None), (300, EXPIRED), (1e9, EXPIRED), (-30, None), (-30.1, EARLY), (-1e9, EARLY)],
)
def test_a_link_counts_for_five_minutes(age_s: float, expected: str | None) -> None:
    click = dataclasses.replace(CLICK, made_s=NOW)
    if expected is None:
        check_age(click, NOW + age_s, valid_s=300, skew_s=30)
        return
    with pytest.raises(TokenRefusedError) as refusal:
        check_age(click, NOW + age_s, valid_s=300, skew_s=30)
    assert refusal.value.reason == expected


def test_a_key_does_not_show_its_secret() -> None:
    assert "secret" not in repr(KEY) and repr(KEY.secret) not in repr(KEY)
