"""`rastup tokens`: mint, verify, rotate, keys."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import click

from rastup.cli.options import home_option, settings_of
from rastup.cli.render import emit_record, emit_rows, output_option, say
from rastup.contracts.registry import Registry, load_registry
from rastup.core.errors import CheckFailed, UsageError
from rastup.ingest.keys import ENVIRONMENTS
from rastup.ingest.redirect import keyring
from rastup.ingest.redirect import tokens as click_tokens
from rastup.ingest.redirect.minting import Mint
from rastup.ingest.redirect.targets import Targets
from rastup.ingest.redirect.tokens import Click, TokenRefusedError
from rastup.ops.status import supervised_processes
from rastup.state.database import open_state

ROLES = ("buyer", "seller", "studio_owner", "admin", "guest")


@click.group()
def tokens() -> None:
    """Make links whose clicks are proven (`/r/TOKEN`), look into them, rotate the keys that sign them."""


@tokens.command()
@click.option("--target", required=True, help="Where the link leads: an address on redirect.targets.")
@click.option("--event", required=True, help="Which click it is recorded as, for example digest.click.")
@click.option("--set", "fields", multiple=True, metavar="NAME=VALUE", help="A payload field. Repeatable.")
@click.option("--id", "ids", multiple=True, metavar="NAME=VALUE", help="An id of `ids`. Repeatable.")
@click.option("--user", help="Who clicks: usr_…")
@click.option("--anon", help="Which browser or device clicks: an_…")
@click.option("--role", type=click.Choice(ROLES), default="guest", show_default=True, help="Of who clicks.")
@click.option("--city", help="City code of who clicks.")
@click.option("--utm-source", help="For `campaign`.")
@click.option("--utm-medium", help="For `campaign`.")
@click.option("--utm-campaign", help="For `campaign`.")
@click.option(
    "--env", type=click.Choice(ENVIRONMENTS), default="prod", show_default=True, help="Where it belongs."
)
@home_option
@output_option
def mint(
    target: str,
    event: str,
    fields: tuple[str, ...],
    ids: tuple[str, ...],
    user: str | None,
    anon: str | None,
    role: str,
    city: str | None,
    utm_source: str | None,
    utm_medium: str | None,
    utm_campaign: str | None,
    env: str,
    home: Path | None,
    output: str,
) -> None:
    """Make a token. Its link is the collector's address, `/r/` and the token; it counts for five minutes."""
    settings, registry = settings_of(home), load_registry()
    utm = {"utm_source": utm_source, "utm_medium": utm_medium, "utm_campaign": utm_campaign}
    wanted = Click(
        event,
        1,
        _payload(registry, event, fields),
        user_id=user,
        anon_id=anon,
        role=role,
        env=env,
        city=city,
        ids=_pairs("--id", ids),
        campaign={name: value for name, value in utm.items() if value is not None},
    )
    token = Mint(open_state(settings.state_url), settings.redirect, registry).mint(wanted, target)
    path = f"/r/{token}"
    if output == "table":
        click.echo(token)
        running = supervised_processes(settings).get("collector", {})  # `up` may have given it another port
        say(f"The link: http://{running.get('address') or settings.ingest.netloc}{path}")
    else:
        emit_record({"token": token, "path": path, "valid_s": settings.redirect.valid_s}, output)


@tokens.command()
@click.argument("token")
@home_option
@output_option
def verify(token: str, home: Path | None, output: str) -> None:
    """Look into a token, or the proof that a record keeps of one. Exit code 1 when it would not be forwarded.

    Says nothing of whether it was used. A proof (`ct_…..…`) is judged by its signature alone.
    """
    settings = settings_of(home)
    config = settings.redirect
    try:
        signed = click_tokens.verify(
            token.removeprefix("/r/"), keyring.believed(open_state(settings.state_url))
        )
    except TokenRefusedError as refusal:
        raise CheckFailed(
            "forged: not signed by a key of this deployment, or changed since; `rastup tokens keys` lists the keys."
        ) from refusal
    said = signed.click
    status = _status(signed, config.valid_s, config.skew_s, Targets(config.targets))
    made = {"status": status, "key_id": said.key_id, "made_s": said.made_s, "target": signed.target}
    names = ("event", "v", "payload", "user_id", "anon_id", "role", "city", "env", "ids", "campaign")
    emit_record(made | {name: getattr(said, name) for name in names} | {"proof": signed.proof}, output)
    if status not in ("valid", "proof"):
        raise CheckFailed(f"the token is genuine, but {status}.")


@tokens.command()
@click.option(
    "--revoke",
    is_flag=True,
    help="After a leak: believe nothing that older keys signed, past proofs included.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen.")
@home_option
@output_option
def rotate(revoke: bool, dry_run: bool, home: Path | None, output: str) -> None:
    """Make a new signing key. Links that older keys have signed stay good for their five minutes."""
    engine = open_state(settings_of(home).state_url)
    older = [key.key_id for key in keyring.list_keys(engine) if key.revoked_at is None]
    made = None if dry_run else keyring.rotate(engine, revoke=revoke).key_id
    emit_record({"key_id": made, "revoked" if revoke else "retired": older, "dry_run": dry_run}, output)


@tokens.command()
@home_option
@output_option
def keys(home: Path | None, output: str) -> None:
    """Every signing key, without its secret."""
    columns = ["key_id", "created_at", "retired_at", "revoked_at"]
    rows = keyring.list_keys(open_state(settings_of(home).state_url))
    emit_rows([{name: getattr(key, name) for name in columns} for key in rows], columns, output)


def _status(signed: click_tokens.Signed, valid_s: float, skew_s: float, targets: Targets) -> str:
    if signed.target is None:
        return "proof"
    if not targets.allows(signed.target):
        return click_tokens.ELSEWHERE
    try:
        click_tokens.check_age(signed.click, time.time(), valid_s=valid_s, skew_s=skew_s)
    except TokenRefusedError as refusal:
        return refusal.reason
    return "valid"


def _pairs(option: str, given: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for one in given:
        name, mark, value = one.partition("=")
        if not mark or not name:
            raise UsageError(f"{option} {one[:100]!r} is not allowed; give NAME=VALUE.")
        pairs[name] = value
    return pairs


def _payload(registry: Registry, event: str, fields: tuple[str, ...]) -> dict[str, Any]:
    """The fields in the types of the newest contract; what it does not name is text."""
    contract = registry.newest(event)
    types = {field.name: field.type for field in contract.fields} if contract else {}
    return {name: _value(text, types.get(name, "string")) for name, text in _pairs("--set", fields).items()}


def _value(text: str, kind: str) -> Any:
    if kind in ("string", "timestamp"):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text  # the contract says what is wrong with it
