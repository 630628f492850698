"""DocuSign Connect's HMACs and Dropbox Sign's forms and hashes: public cases, and what a forger may send."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import shared_fixture
from tests.unit.ingest.webhooks import signing
from tests.unit.ingest.webhooks.conftest import Worker

from rastup.core.errors import Rejected
from rastup.ingest.webhooks.docusign import DocusignDoor
from rastup.ingest.webhooks.dropbox_sign import DropboxSignDoor
from rastup.ingest.webhooks.forms import MOST_FIELDS, form_field

BODY = b'{"event":"envelope-sent"}'


def _docusign(keys: list[str], headers: dict[str, str], body: bytes) -> int:
    lower = {name.lower(): value for name, value in headers.items()}
    return _status(DocusignDoor(keys), lower, body)


def _dropbox(keys: list[str], document: Any) -> int:
    body, kind = signing.multipart(document)
    return _status(DropboxSignDoor(keys), {"content-type": kind}, body)


def _status(door: Any, headers: dict[str, str], body: bytes) -> int:
    try:
        asyncio.run(door.receive(headers, body))
    except Rejected as error:
        assert error.status != 401 or error.code == "WEBHOOK_SIGNATURE_INVALID"
        return error.status
    return 200


def test_docusigns_public_cases_are_judged_as_they_say() -> None:
    cases = json.loads(shared_fixture("webhooks", "esign", "docusign", "cases.json").read_text())["cases"]
    for case in cases:
        status = _docusign(case["keys"], case["headers"], case["body"].encode())
        assert (case["name"], status) == (case["name"], 200 if case["signature_ok"] else 401)


def test_any_of_docusigns_signatures_may_be_by_any_of_our_keys() -> None:
    signed = {key: signing.docusign_signature(BODY, key) for key in "abcd"}
    headers = {f"X-DocuSign-Signature-{n}": signed[key] for n, key in enumerate("abc", 1)}
    assert {key: _docusign([key], headers, BODY) for key in "abcd"} == {
        "a": 200,
        "b": 200,
        "c": 200,
        "d": 401,
    }
    assert _docusign(["d", "b"], headers, BODY) == 200
    assert _docusign([], headers, BODY) == 401
    assert _docusign(["a"], {}, BODY) == 401
    assert _docusign(["a"], headers, BODY + b" ") == 401


@given(st.text(max_size=50))
def test_no_text_in_docusigns_header_makes_anything_but_a_refusal(text: str) -> None:
    assert _docusign(["a"], {"x-docusign-signature-1": text}, BODY) == 401


def test_dropbox_signs_public_cases_are_judged_as_they_say() -> None:
    found = json.loads(shared_fixture("webhooks", "esign", "dropbox_sign", "cases.json").read_text())
    for case in found["cases"]:
        status = _dropbox(["old key", found["api_key"]], case["json"])
        assert (case["name"], status) == (case["name"], 200 if case["hash_ok"] else 401)
        assert _dropbox([], case["json"]) == _dropbox(["another"], case["json"]) == 401


def test_a_body_as_dropbox_sign_sent_it_is_answered_as_it_asks_for(worker: Worker) -> None:
    folder = shared_fixture("webhooks", "esign", "dropbox_sign")
    found = json.loads((folder / "cases.json").read_text())
    worker.reception._doors = {**worker.reception._doors, "dropbox_sign": DropboxSignDoor([found["api_key"]])}
    kind = (folder / "multipart_all_signed.content-type").read_text().strip()
    body = (folder / "multipart_all_signed.body").read_bytes()
    received = worker.post("/webhooks/esign/dropbox-sign", body, content_type=kind)
    assert (received.content_type, received.answer) == ("text/plain", b"Hello API Event Received")
    assert [event["event"] for event in worker.events] == ["doc.envelope.completed"]
    assert b"John" not in worker.stored[0]
    assert b"@" not in worker.stored[0]


def test_an_urlencoded_form_holds_too() -> None:
    event = {
        "event_time": "1",
        "event_type": "callback_test",
        "event_hash": signing.event_hash("1", "callback_test", "k"),
    }
    from urllib.parse import urlencode

    body = urlencode({"json": json.dumps({"event": event})}).encode()
    assert _status(DropboxSignDoor(["k"]), {"content-type": "application/x-www-form-urlencoded"}, body) == 200


@pytest.mark.parametrize(
    ("kind", "body"), [("application/json", b"{}"), ("multipart/form-data; boundary=x", b"x")]
)
def test_what_holds_no_form_is_not_signed(worker: Worker, kind: str, body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        worker.post("/webhooks/esign/dropbox-sign", body, content_type=kind)
    assert (caught.value.status, caught.value.code) == (400, "WEBHOOK_SIGNATURE_INVALID")
    assert worker.counts() == {("dropbox_sign", "other", "refused"): 1}


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("", b"", 415),
        ("multipart/form-data", b"", 415),
        ("multipart/form-data; boundary=x", b"", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n", 400),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n{}\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=x", signing.multipart({}, "x", name="other")[0], 400),
        ("multipart/form-data; boundary=x", signing.multipart({}, "x")[0][:-6], 400),
        ("multipart/form-data; boundary=y", signing.multipart({}, "x")[0], 400),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x", 400),
        ("application/x-www-form-urlencoded", b"json={}&json={}", 400),
        ("application/x-www-form-urlencoded", b"json=%ff", 400),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(100)) + b"&json={}", 400),
    ],
)
def test_a_form_that_is_none_is_refused(kind: str, body: bytes, status: int) -> None:
    with pytest.raises(Rejected) as caught:
        form_field(kind, body, "json")
    assert caught.value.status == status


def test_files_and_many_parts_are_no_fields() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="json"; filename="f"\r\n\r\n{}\r\n'
    with pytest.raises(Rejected):
        form_field("multipart/form-data; boundary=x", part + b"--x--\r\n", "json")
    many = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * (MOST_FIELDS + 1)
    with pytest.raises(Rejected):
        form_field("multipart/form-data; boundary=x", many + b"--x--\r\n", "json")


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_or_read_never_anything_else(body: bytes) -> None:
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        try:
            form_field(kind, body, "json")
        except Rejected as error:
            assert error.status == 400


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_what_a_form_holds_comes_out_as_it_went_in(text: str) -> None:
    body, kind = signing.multipart({"text": text}, boundary="b0undary")
    assert json.loads(form_field(kind, body, "json")) == {"text": text}
