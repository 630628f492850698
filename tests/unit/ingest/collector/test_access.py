"""Access: what a worker's event loop may not do, and what a key's kind opens."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from rastup.cli.keys import create
from rastup.core.errors import Rejected
from rastup.ingest.collector import access
from rastup.ingest.collector.access import Access
from rastup.ingest.collector.app import BROWSER_ROUTES
from rastup.ingest.collector.sdks import WIRES
from rastup.ingest.keys import PUBLISHABLE, create_key, list_keys, revoke_key
from rastup.state.database import open_state


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_state(f"sqlite:///{tmp_path / 'state.db'}")


def test_the_state_is_never_read_by_the_thread_of_the_event_loop(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers: list[threading.Thread] = []

    def noted(read_from: Engine) -> list[Any]:
        readers.append(threading.current_thread())
        return list_keys(read_from)

    keys = Access(engine, None)
    monkeypatch.setattr(access, "list_keys", noted)
    made = create_key(engine, source="web", env="prod", origins=("https://shop.example",)).key

    async def ask() -> None:
        assert (await keys.of_header(f"Bearer {made}")).source == "web"
        with pytest.raises(Rejected):
            await keys.of_key("rk_sec_guessed")
        assert not await keys.allows_origin("https://evil.example", ())
        assert await keys.allows_origin("https://shop.example", ())

    asyncio.run(ask())
    assert len(readers) == 3
    assert threading.main_thread() not in readers


def test_a_long_header_with_a_good_key_in_it_opens_and_is_not_remembered(engine: Engine) -> None:
    made = create_key(engine, source="web", env="prod").key
    keys = Access(engine, None)

    def basic(password: str) -> str:
        return "Basic " + b64encode(f"{made}:{password}".encode()).decode()

    short, long = basic(""), [basic(f"{number}" * 5_000) for number in range(5)]
    for header in (short, *long, f"Bearer {made}"):
        assert asyncio.run(keys.of_header(header)).source == "web"
    assert set(keys._cache) == {short, f"Bearer {made}"}


def test_who_sends_no_key_is_told_so_and_not_that_a_key_is_wrong(engine: Engine) -> None:
    keys = Access(engine, None)
    for asked in (keys.of_key(""), keys.of_header("Bearer "), keys.of_header("Basic Og==")):
        with pytest.raises(Rejected, match="no key was sent; use `Authorization: Bearer KEY`") as refused:
            asyncio.run(asked)
        assert (refused.value.status, refused.value.code) == (401, "AUTH_INVALID")
    with pytest.raises(Rejected, match="no such write key"):
        asyncio.run(keys.of_key("rk_sec_guessed"))


def test_a_state_that_hangs_holds_up_neither_the_loop_nor_those_who_are_known(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_key(engine, source="web", env="prod").key
    monkeypatch.setattr(access, "LOOK_WAIT_S", 0.05)
    keys, answers = Access(engine, None), threading.Event()

    def hanging(_engine: Engine) -> list[Any]:
        answers.wait(20)
        return []

    monkeypatch.setattr(access, "list_keys", hanging)

    async def ask() -> None:
        unknown = asyncio.ensure_future(keys.of_key("rk_sec_guessed"))
        await asyncio.sleep(0)
        assert (await keys.of_key(made)).source == "web"
        with pytest.raises(Rejected):
            await unknown
        answers.set()

    asyncio.run(ask())


def test_many_unknown_keys_at_once_are_one_look(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, looks = Access(engine, None), []

    def counted(read_from: Engine) -> list[Any]:
        looks.append(1)
        return list_keys(read_from)

    monkeypatch.setattr(access, "list_keys", counted)

    async def ask() -> None:
        asked = [keys.of_key(f"rk_sec_{number}") for number in range(50)]
        refused = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(error, Rejected) for error in refused)

    asyncio.run(ask())
    assert len(looks) == 1


def test_every_key_is_found_as_soon_as_it_is_made_however_many_are_made(engine: Engine) -> None:
    keys = Access(engine, None)

    async def ask() -> None:
        for number in range(40):
            made = create_key(engine, source=f"source-{number}", env="prod").key
            assert (await keys.of_key(made)).source == f"source-{number}"

    asyncio.run(ask())


def test_a_key_that_is_made_while_others_are_looked_for_is_found(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, has_read, may_go = Access(engine, None), threading.Event(), threading.Event()

    def slow(read_from: Engine) -> list[Any]:
        found = list_keys(read_from)
        has_read.set()
        may_go.wait(20)
        return found

    monkeypatch.setattr(access, "list_keys", slow)

    async def ask() -> None:
        guess = asyncio.ensure_future(keys.of_key("rk_sec_guessed"))
        await asyncio.to_thread(has_read.wait, 20)
        found = asyncio.ensure_future(keys.of_key(create_key(engine, source="web", env="prod").key))
        await asyncio.sleep(0)
        may_go.set()
        assert (await found).source == "web"
        with pytest.raises(Rejected):
            await guess

    asyncio.run(ask())


def test_a_key_that_is_revoked_while_a_request_asks_for_it_is_not_remembered(engine: Engine) -> None:
    made = create_key(engine, source="web", env="prod")
    keys = Access(engine, None)
    found = keys.of_key

    async def revoked_meanwhile(key: str) -> Any:
        record = await found(key)
        revoke_key(engine, made.record.key_id)
        keys.refresh()
        return record

    async def ask() -> None:
        keys.of_key = revoked_meanwhile  # type: ignore[method-assign]
        await keys.of_header(f"Bearer {made.key}")
        keys.of_key = found  # type: ignore[method-assign]
        with pytest.raises(Rejected, match="revoked"):
            await keys.of_header(f"Bearer {made.key}")

    asyncio.run(ask())


def test_the_paths_that_a_publishable_key_opens_are_said_alike_where_it_is_made_and_where_it_is_refused(
    engine: Engine,
) -> None:
    key = create_key(engine, source="web", env="prod", kind=PUBLISHABLE, origins=("*",)).record
    with pytest.raises(Rejected) as refused:
        access.check_route(key, "/v1/import", BROWSER_ROUTES)
    said = refused.value.message.partition(" may send to ")[2].rstrip(".").split(", ")
    opened = {"/e", *(path for path in WIRES if path != "/v1/import")}
    assert {path.rstrip("/") for path in opened} == set(said)
    for path in opened:
        access.check_route(key, path, BROWSER_ROUTES)
    words = "/e and the paths of public SDKs but /v1/import"
    kind = next(option for option in create.params if option.name == "kind")
    readme = (Path(__file__).parents[4] / "README.md").read_text().replace("`", "")
    assert all(words in " ".join(text.split()) for text in (getattr(kind, "help", ""), readme))


class _Walked(tuple[str, ...]):
    """Origins that count how often somebody goes through all of them."""

    times = 0

    def __iter__(self) -> Iterator[str]:
        _Walked.times += 1
        return super().__iter__()


def test_a_browsers_request_does_not_go_through_the_origins_of_all_keys(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_key(engine, source="web", env="prod", origins=("https://shop.example",))
    stored = [replace(key, origins=_Walked(key.origins)) for key in list_keys(engine)]
    monkeypatch.setattr(access, "list_keys", lambda _engine: stored)
    keys = Access(engine, None)
    once = _Walked.times
    for origin, general in (("https://shop.example/", ()), ("https://a.example", ("https://a.example",))):
        assert asyncio.run(keys.allows_origin(origin, general))
    assert asyncio.run(keys.allows_origin("https://any.example", ("*",)))
    assert _Walked.times == once > 0


def test_an_origin_is_allowed_for_as_long_as_a_key_names_it(engine: Engine) -> None:
    keys = Access(engine, None)
    everywhere = create_key(engine, source="web", env="prod", origins=("*",)).record
    create_key(engine, source="web", env="prod", origins=("https://shop.example",))
    keys.refresh()
    assert asyncio.run(keys.allows_origin("https://any.example", ()))
    revoke_key(engine, everywhere.key_id)
    keys.refresh()
    assert not asyncio.run(keys.allows_origin("https://any.example", ()))
    assert asyncio.run(keys.allows_origin("https://shop.example", ()))


def test_a_key_that_nobody_can_look_for_is_not_refused(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = create_key(engine, source="web", env="prod").key
    keys = Access(engine, None)
    made = create_key(engine, source="app", env="prod").key

    def away(_engine: Engine) -> list[Any]:
        raise OSError("input/output error")

    async def ask() -> None:
        with monkeypatch.context() as state:
            state.setattr(access, "list_keys", away)
            assert (await keys.of_key(known)).source == "web"
            with pytest.raises(Rejected, match="cannot be read now") as told:
                await keys.of_key(made)
            assert told.value.status == 503
        assert (await keys.of_key(made)).source == "app"
        with pytest.raises(Rejected) as told:
            await keys.of_key("rk_sec_guessed")
        assert told.value.status == 401

    asyncio.run(ask())
