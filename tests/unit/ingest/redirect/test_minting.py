"""Making links on the command line: what could not be recorded, or leads elsewhere, is not made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from rastup.cli.main import cli
from rastup.contracts.registry import load_registry
from rastup.contracts.validation import Validator
from rastup.core.config import load
from rastup.core.errors import UsageError
from rastup.ingest.admission import Admission, Stamp
from rastup.ingest.redirect.keyring import believed
from rastup.ingest.redirect.minting import clicks
from rastup.ingest.redirect.targets import LONGEST
from rastup.ingest.redirect.tokens import record_of, verify
from rastup.state.database import open_state

GOOD = {"--target": "https://rastup.com/a", "--event": "digest.click", "--set": "digest=weekly"}


def mint(home: Path, options: dict[str, str], *more: str) -> str:
    arguments = [*(part for option in options.items() for part in option), *more]
    done = CliRunner().invoke(cli, ["--home", str(home), "tokens", "mint", *arguments])
    if done.exception is not None:
        raise done.exception
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"--target": "https://evil.example/"}, "not allowed"),
        ({"--target": "https://rastup.com/?email=jane@example.com"}, "personal data or a secret .email"),
        ({"--target": "https://rastup.com/?access_token=abcdefgh12345678"}, "url_token"),
        ({"--event": "checkout.start"}, "no click"),
        ({"--event": "promo.click"}, "payload.campaign_id"),
        ({"--user": "jane"}, "user_id"),
        ({"--city": "call 212 555 0134 please"}, "phone"),
        ({"--id": "leg_id=x"}, "ids.leg_id"),
        ({"--set": "digest"}, "NAME=VALUE"),
        ({"--set": "email=x"}, "EVENT_PII_FORBIDDEN|payload"),
    ],
)
def test_what_cannot_be_recorded_is_not_made(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        mint(tmp_path, {**GOOD, **changed})


def test_a_link_that_nobody_could_follow_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="characters long"):
        mint(tmp_path, GOOD, "--set", "note=" + "so long " * 400)


def test_of_links_of_every_length_each_that_is_made_can_be_recorded(tmp_path: Path) -> None:
    admission, refused, now = Admission(Validator(load_registry())), [], "2026-11-21T10:00:00.000Z"
    for words in range(0, 401, 50):
        try:
            token = mint(tmp_path, GOOD, "--set", "note=" + "so long " * words)
        except UsageError as error:
            refused.append(str(error))
            continue
        signed = verify(token, believed(open_state(load(tmp_path).state_url)))
        line = admission.admit(record_of(signed.click, now, signed.proof), Stamp(now, "prod", "redirect"))
        assert isinstance(line, bytes), line
        assert json.loads(line)["campaign"]["click_token"] == signed.proof
    assert any("at most 2048 characters" in said and "give less" in said for said in refused)
    assert any("characters long" in said for said in refused)


def test_the_longest_target_can_be_followed(tmp_path: Path) -> None:
    target = "https://rastup.com/" + "a" * (LONGEST - len("https://rastup.com/"))
    signed = verify(
        mint(tmp_path, {**GOOD, "--target": target}), believed(open_state(load(tmp_path).state_url))
    )
    assert signed.target == target


def test_values_have_the_types_of_their_contract(tmp_path: Path) -> None:
    assert mint(tmp_path, {**GOOD, "--set": "digest=2026"}).startswith("ct_")
    card = {"--event": "search.card_click", "--set": "target_id=srv_1", "--id": "impression_id=imp_1"}
    with pytest.raises(UsageError, match="result_pos"):
        mint(tmp_path, {**GOOD, **card})


def test_every_click_of_the_catalogue_can_be_linked() -> None:
    assert clicks(load_registry()) == [
        "book_again.click",
        "digest.click",
        "email.click",
        "growth.alert.click",
        "promo.click",
        "search.card_click",
        "search.result_click",
        "sharecard.click",
    ]
