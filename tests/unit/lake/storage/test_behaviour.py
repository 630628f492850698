"""What every object store does, whichever one it is."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rastup.lake.storage import NoSuchObject, ObjectStore

KEY = "events/dt=2026-11-06/hour=15/env=prod/event=leg.confirmed/part-c0-01J-0-10.json.gz"


def test_gives_back_the_bytes_it_took(store: ObjectStore) -> None:
    data = bytes(range(256)) * 4_000
    assert store.put_if_absent(KEY, data)
    assert store.get(KEY) == data
    assert store.exists(KEY)


def test_empty_object_is_an_object(store: ObjectStore) -> None:
    assert store.put_if_absent("a/empty", b"")
    assert store.get("a/empty") == b"" and store.exists("a/empty")


def test_never_overwrites(store: ObjectStore) -> None:
    assert store.put_if_absent(KEY, b"first")
    assert not store.put_if_absent(KEY, b"second")
    assert store.get(KEY) == b"first"


def test_of_many_writers_of_one_key_one_wins_and_the_object_is_its_whole(store: ObjectStore) -> None:
    bodies = [bytes([65 + n]) * 50_000 for n in range(8)]
    start = threading.Barrier(len(bodies))

    def put(body: bytes) -> bool:
        start.wait()
        return store.put_if_absent("race", body)

    with ThreadPoolExecutor(len(bodies)) as pool:
        won = list(pool.map(put, bodies))
    assert won.count(True) == 1
    assert store.get("race") == bodies[won.index(True)]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_puts_many_and_names_those_that_were_taken(store: ObjectStore, count: int) -> None:
    objects = [(f"m/{n % 5}/{n}", b"%d" % n) for n in range(count)]
    store.put_if_absent("m/0/0", b"old")
    assert store.put_all(objects) == ["m/0/0"]
    assert store.get("m/0/0") == b"old"
    assert all(store.get(key) == data for key, data in objects[1:])
    assert store.put_all(objects) == [key for key, _ in objects]


def test_putting_nothing_is_nothing(store: ObjectStore) -> None:
    assert store.put_all([]) == []
    assert list(store.list()) == []


def test_lists_a_folder_and_not_its_namesakes(store: ObjectStore) -> None:
    for key in ("events/dt=1/a", "events/dt=1/b/c", "events/dt=10/a", "_bad/x"):
        store.put_if_absent(key, key.encode())
    assert sorted(info.key for info in store.list("events/dt=1")) == ["events/dt=1/a", "events/dt=1/b/c"]
    assert sorted(info.key for info in store.list("events/dt=1/")) == ["events/dt=1/a", "events/dt=1/b/c"]
    assert len(list(store.list())) == 4
    [found] = store.list("_bad")
    assert (found.key, found.size) == ("_bad/x", 6)
    assert abs(found.stored_at_s - time.time()) < 60
    assert list(store.list("nothing/here")) == []


def test_lists_more_than_one_page(store: ObjectStore) -> None:
    keys = {f"p/{n:04d}" for n in range(1_100)}
    store.put_all((key, b"") for key in sorted(keys))
    assert {info.key for info in store.list("p")} == keys


def test_deletes_and_does_not_mind_an_absent_one(store: ObjectStore) -> None:
    store.put_if_absent(KEY, b"x")
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)
    with pytest.raises(NoSuchObject, match="no such object"):
        store.get(KEY)
    assert store.put_if_absent(KEY, b"again")


def test_a_folder_is_not_an_object(store: ObjectStore) -> None:
    store.put_if_absent("folder/object", b"x")
    assert not store.exists("folder")
    with pytest.raises(NoSuchObject):
        store.get("folder")


@pytest.mark.parametrize(
    "key",
    [
        "../x",
        "a/../../x",
        "/etc/passwd",
        "a//b",
        "",
        "a/",
        "./a",
        "a\0b",
        "a\nb",
        "ключ",
        "a\\b",
        "x" * 1_000,
    ],
)
def test_a_key_that_could_leave_the_root_is_refused(store: ObjectStore, key: str) -> None:
    for act in (store.get, store.delete, store.exists, lambda k: store.put_if_absent(k, b"x")):
        with pytest.raises(ValueError, match="not an object key"):
            act(key)
    assert list(store.list()) == []
