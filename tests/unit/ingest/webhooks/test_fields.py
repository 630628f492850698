"""Fields of a mapping. Oracles: Python's decimal arithmetic, `datetime`, and JSON documents walked by hand."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from rastup.contracts.registry import load_registry
from rastup.core.errors import ConfigError
from rastup.ingest.webhooks.fields import Currencies, Names, link, reader, rfc3339

DECIMALS = yaml.safe_load((load_registry().root / "mapping" / "webhooks" / "stripe.yaml").read_text())[
    "decimals"
]
# ISO 4217's minor units, of the currencies that Stripe charges in and that have other than two; by Stripe's own rule ISK
# and UGX keep two decimals in its API though ISO 4217 gives them none.
ISO_NONE = {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
ISO_THREE = {"BHD", "JOD", "KWD", "OMR", "TND"}


@pytest.mark.parametrize(
    ("amount", "currency", "cents"),
    [
        (1099, "usd", 1099),
        (500, "jpy", 50_000),
        (500, "JPY", 50_000),
        (5120, "kwd", 512),
        (5125, "kwd", 512),
        (5135, "kwd", 514),
        (500, "isk", 500),
        (500, "ugx", 500),
        (0, "krw", 0),
        (-1, "usd", None),
        (True, "usd", None),
        (10.5, "usd", None),
        ("10", "usd", None),
        (10, "us", None),
        (10, None, None),
        (None, "usd", None),
    ],
)
def test_amounts_become_hundredths_of_their_unit(amount: Any, currency: Any, cents: int | None) -> None:
    assert Currencies(DECIMALS).cents(amount, currency) == cents


def test_the_currencies_without_and_with_three_decimals_are_isos_and_stripes() -> None:
    assert set(DECIMALS[0]) == ISO_NONE | {"MGA"}  # ariary: five iraimbilanja, which nobody charges
    assert set(DECIMALS[3]) == ISO_THREE


@given(st.integers(0, 10**12), st.sampled_from(["USD", "JPY", "KWD", "EUR", "TND", "XOF"]))
def test_amounts_agree_with_decimal_arithmetic(amount: int, currency: str) -> None:
    places = 0 if currency in ISO_NONE else 3 if currency in ISO_THREE else 2
    unit = Decimal(amount).scaleb(-places)
    expected = int((unit * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    assert Currencies(DECIMALS).cents(amount, currency) == expected


def _read(spec: dict[str, Any], document: Any, **aliases: str) -> Any:
    return reader(spec, Names(aliases), Currencies({}))(document)


def test_paths_go_through_objects_lists_aliases_and_named_entries() -> None:
    document = {"data": {"list": [{"id": "a"}, {"name": "doc_id", "value": "doc_1"}]}, "empty": None}
    assert _read({"ref": "data.list.0.id"}, document) == "a"
    assert _read({"ref": "short.0.id"}, document, short="data.list") == "a"
    assert _read({"ref": "data.list[name=doc_id].value"}, document) == "doc_1"
    assert _read({"ref": ["empty", "data.list.7.id", "data.list.0.id"]}, document) == "a"
    for path in (
        "data.list.9.id",
        "data.list.id",
        "data.0",
        "empty.x",
        "data.list[name=x].value",
        "data.list.0.id.x",
    ):
        assert _read({"ref": path}, document) is None


@pytest.mark.parametrize("path", ["", "a..b", "a b", "a[b]", "[x=y]", "a.b[", "$.a"])
def test_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ConfigError, match="is not a path"):
        Names({}).path(path)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("lbg_1", "lbg_1"),
        ("lbg_", None),
        ("leg_1", None),
        ("lbg_1 ", None),
        ("lbg_jane@example.com", None),
        ("lbg_" + "a" * 80, None),
        (7, None),
        (["lbg_1"], None),
    ],
)
def test_an_id_that_is_none_of_ours_is_left_out(value: Any, kept: str | None) -> None:
    assert _read({"id": "x", "prefix": "lbg_"}, {"x": value}) == kept


def test_an_id_is_made_of_the_providers_where_there_is_none_of_ours() -> None:
    spec = {"id": "ours", "prefix": "dsp_", "derived": ["theirs", "other"]}
    assert _read(spec, {"ours": "dsp_9", "theirs": "dp_1"}) == "dsp_9"
    assert _read(spec, {"ours": "Jane Doe", "theirs": "dp_1-2"}) == "dsp_dp12"
    assert _read(spec, {"other": "x" * 100}) == "dsp_" + "x" * 60
    assert _read(spec, {"theirs": "jane@example.com"}) is None
    assert _read(spec, {}) is None


@given(st.text(max_size=40))
def test_an_opaque_value_never_holds_an_address_or_prose(text: str) -> None:
    found = _read({"ref": "x"}, {"x": text})
    assert found is None or (found == text and "@" not in text and " " not in text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1648319938, "2022-03-26T18:38:58.000Z"),
        ("1648319938", "2022-03-26T18:38:58.000Z"),
        ("2024-02-13T14:34:42.2740396Z", "2024-02-13T14:34:42.274Z"),
        ("2024-02-13T16:34:42+02:00", "2024-02-13T14:34:42.000Z"),
        ("2024-02-13T14:34:42", "2024-02-13T14:34:42.000Z"),
        ("yesterday", None),
        ("٣", None),
        (10**30, None),
        (-(10**30), None),
        (True, None),
        (1.5, None),
        ({}, None),
    ],
)
def test_times_are_written_as_our_records_write_them(value: Any, expected: str | None) -> None:
    assert rfc3339(value) == expected


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("https://rastup.com/o/1?token=abc&e=jane@example.com#x", "https://rastup.com/o/1"),
        ("https://jane:secret@rastup.com:8443/a", "https://rastup.com/a"),
        ("mailto:jane@example.com", None),
        ("javascript:alert(1)", None),
        ("https://[::1", None),
        ("https://", None),
        (5, None),
        ("https://rastup.com/u/jane.doe@example.com/a", "https://rastup.com/u/[email]/a"),
        ("https://rastup.com/u/jane%40example.com", "https://rastup.com/u/[email]"),
        (
            "https://rastup.com/reset-password/AbCdEf0123456789AbCdEf0123/x",
            "https://rastup.com/reset-password/[url_token]/x",
        ),
        ("https://rastup.com/" + "a" * 237, "https://rastup.com/" + "a" * 237),
        ("https://rastup.com/" + "a" * 238, "https://rastup.com/" + "a" * 237),
        (f"https://rastup.com/{'a' * 220}/jane.doe@example.com", f"https://rastup.com/{'a' * 220}/[email]"),
        (f"https://rastup.com/{'a' * 234}/jane.doe@example.com", f"https://rastup.com/{'a' * 234}/[e"),
    ],
)
def test_a_link_loses_what_may_tell_of_a_person(value: Any, kept: str | None) -> None:
    assert link(value) == kept


def test_a_reference_may_have_a_shape_of_its_own() -> None:
    spec = {"ref": "x", "shape": "[a-z]{3}"}
    assert [_read(spec, {"x": value}) for value in ("usd", "usdx", "a b", 123, None)] == [
        "usd",
        None,
        None,
        None,
        None,
    ]
    with pytest.raises(ConfigError, match="not a regular expression"):
        _read({"ref": "x", "shape": "["}, {})


@pytest.mark.parametrize("spec", [{}, {"ref": "a", "id": "b"}, {"text": "a"}])
def test_a_field_of_no_kind_is_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match="a field has one of"):
        _read(spec, {})
