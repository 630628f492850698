"""Contracts: the pages against the contract files themselves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.unit.console.inlet import HOSTILE, Inlet, Page, rows

from rastup.console.pages import contracts
from rastup.contracts.registry import load_registry
from rastup.core.paths import data_dir

PATH = "/data/contracts"
FILES = [
    path
    for path in sorted(data_dir("contracts").glob("*/*.json"))
    if path.parent.name not in ("envelope", "mapping", "released")
]


def event_of(file: Path) -> str:
    return str(json.loads(file.read_text())["title"])


@pytest.fixture
def console(tmp_path: Path) -> Iterator[TestClient]:
    with Inlet(tmp_path).console() as client:
        yield client


def test_every_contract_file_is_listed_and_has_a_page(console: TestClient) -> None:
    links = set(rows(Page(console.get(PATH).text)))
    assert links == {f"{PATH}/{event_of(file)}" for file in FILES}
    for file in FILES:
        schema = json.loads(file.read_text())
        page = Page(console.get(f"{PATH}/{schema['title']}?v={schema['x-rastup']['v']}").text)
        for name, field in schema["properties"]["payload"].get("properties", {}).items():
            assert f"payload.{name}" in page.text
            assert " ".join(field["description"].split()) in page.text
        assert len(
            [a for t, a in page.elements if t == "details" and "refused-example" in (a["class"] or "")]
        ) == len(schema["x-invalid"])
        assert not page.runs_something()


@pytest.mark.parametrize(
    ("query", "files"),
    [
        ({"family": "checkout"}, [f for f in FILES if f.parent.name == "checkout"]),
        ({"q": "leg.failed"}, [f for f in FILES if f.name == "leg.failed.v1.json"]),
        ({"q": "QUERY_HASH", "family": "search"}, None),
        ({"family": "no-such"}, []),
        ({"q": HOSTILE}, []),
    ],
)
def test_search_and_family_choose_the_events(
    console: TestClient, query: dict[str, str], files: list[Path] | None
) -> None:
    answer = console.get(PATH, params=query)
    page = Page(answer.text)
    if files is None:
        files = [f for f in FILES if f.parent.name == "search" and "query_hash" in f.read_text()]
    assert answer.status_code == 200
    assert set(rows(page)) == {f"{PATH}/{event_of(file)}" for file in files}
    assert ("No such contract" in page.text) == (not files)
    assert not page.runs_something()


def test_free_text_is_marked(console: TestClient) -> None:
    free = "free text, redacted"
    assert Page(console.get(f"{PATH}/leg.failed").text).text.count(free) == 1
    assert free not in Page(console.get(f"{PATH}/leg.confirmed").text).text


@pytest.mark.parametrize(
    "address", ["no.such", "leg.failed?v=9", "leg.failed?v=x", "leg.failed?v=²", "%3Cscript%3E"]
)
def test_an_unknown_event_or_version_is_not_found(console: TestClient, address: str) -> None:
    assert console.get(f"{PATH}/{address}").status_code == 404


@pytest.mark.parametrize(
    ("change", "words", "standing"),
    [
        ("require", "tip is required now", "breaking"),
        ("add", "tip was added", "wider"),
        ("none", "It takes exactly what the released v1 takes", "as released"),
        ("unreleased", "has not been released", "new"),
    ],
)
def test_what_differs_from_the_released_contract_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, words: str, standing: str
) -> None:
    root = tmp_path / "contracts"
    shutil.copytree(data_dir("contracts"), root)
    file = root / "booking" / "leg.failed.v1.json"
    schema = json.loads(file.read_text())
    payload = schema["properties"]["payload"]
    if change in ("add", "require"):
        payload["properties"]["tip"] = {"type": "integer", "description": HOSTILE}
    if change == "require":
        payload["required"].append("tip")
    file.write_text(json.dumps(schema))
    if change == "unreleased":
        (root / "released" / "booking" / file.name).unlink()
    monkeypatch.setattr(contracts, "load_registry", lambda: load_registry(root))
    with Inlet(tmp_path).console() as client:
        page = Page(client.get(f"{PATH}/leg.failed").text)
        listed = Page(client.get(f"{PATH}?q=leg.failed").text)
    assert words in page.text
    assert standing in listed.text
    assert not page.runs_something()


def test_a_search_is_called_a_search(console: TestClient) -> None:
    text = console.get(PATH, params={"q": "refund"}).text
    assert ">search: refund<" in text
    assert "q: refund" not in text
