"""How values are written for people: money, counts, ratios, spans of time, moments. All times are UTC."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}
NONE = "–"
"""What stands where there is no value."""


def money(cents: float | None, currency: str, *, is_whole: bool | None = None) -> str:
    """`$1,234.56`; from 1,000 on without cents unless `is_whole` says otherwise."""
    if cents is None:
        return NONE
    amount = Decimal(str(cents)) / 100
    whole = abs(amount) >= 1000 if is_whole is None else is_whole
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if amount < 0 else ''}{symbol}{abs(amount):,.{0 if whole else 2}f}"


def short_money(cents: float | None, currency: str) -> str:
    """`$1.2k`: for axes and narrow columns."""
    if cents is None:
        return NONE
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{'−' if cents < 0 else ''}{symbol}{short(abs(cents) / 100)}"


def count(value: float | None) -> str:
    """`12,345`."""
    if value is None:
        return NONE
    return f"{value:,.0f}".replace("-", "−")


def short(value: float) -> str:
    """`950`, `1.2k`, `3.4M`."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size * 0.9995:
            text = f"{value / size:.1f}"
            return text.removesuffix(".0") + letter
    return f"{value:.1f}".removesuffix(".0") if value < 10 else f"{value:.0f}"


def percent(ratio: float | None, digits: int = 1) -> str:
    """`12.3 %` of a ratio of 0.123; the sign stays on the line of its number."""
    return NONE if ratio is None else f"{ratio * 100:,.{digits}f}\N{NO-BREAK SPACE}%".replace("-", "−")


def signed(text: str, value: float) -> str:
    """A formatted absolute value with its sign in front."""
    return ("+" if value > 0 else "−" if value < 0 else "±") + text


def span(seconds: float | None) -> str:
    """`3 s`, `4 min`, `5 h`, `6 d`: the largest unit that fits."""
    if seconds is None:
        return NONE
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f"\N{NO-BREAK SPACE}{unit}"
    return f"{seconds:.{1 if seconds < 1 else 0}f}\N{NO-BREAK SPACE}s"


def size(value: float) -> str:
    """`1.2 MB` of a number of bytes."""
    for unit_size, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")):
        if value >= unit_size:
            return f"{value / unit_size:.1f} {unit}"
    return f"{value:.0f} B"


def moment_of(text: str | datetime | None) -> datetime | None:
    """An RFC 3339 text as an aware moment, None for nothing."""
    if not text:
        return None
    moment = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def moment(value: str | datetime | None) -> str:
    """`14 Nov 2026, 15:04:05 UTC`."""
    at = moment_of(value)
    return NONE if at is None else f"{at.day} {at:%b %Y, %H:%M:%S} UTC"


def clock_time(value: str | datetime | None) -> str:
    """`15:04:05.123`: a moment of today, to the millisecond."""
    at = moment_of(value)
    return NONE if at is None else f"{at:%H:%M:%S}.{at.microsecond // 1000:03d}"


def short_moment(value: str | datetime | None) -> str:
    """`14 Nov 15:04`: a moment of another day, to the minute."""
    at = moment_of(value)
    return NONE if at is None else f"{at.day} {at:%b %H:%M}"


def recent_hour(start: str | datetime | None, now: datetime) -> str | None:
    """`this hour`, or `15:00 – 16:00` of today, for what is known to the hour alone; None for other days."""
    at = moment_of(start)
    if at is None or at.date() != now.date():
        return None
    if now - at < timedelta(hours=1):
        return "this hour"
    return f"{at:%H:%M} – {at + timedelta(hours=1):%H:%M}"


def day(value: date) -> str:
    """`14 Nov`."""
    return f"{value.day} {value:%b}"


def long_day(value: date) -> str:
    """`Sat 14 Nov 2026`."""
    return f"{value:%a} {value.day} {value:%b %Y}"


def days(first: date, last: date) -> str:
    """`1 Nov – 14 Nov 2026`, with what both have in common said once."""
    if first == last:
        return f"{day(last)} {last.year}"
    head = day(first) if first.year == last.year else f"{day(first)} {first.year}"
    return f"{head} – {day(last)} {last.year}"


def dates(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: object) -> str:
    """The text with characters that show nothing, or turn the writing around, as `\\u202e`; line ends and tabs stay."""
    text = str(text)
    if text.isprintable():
        return text
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in _UNSEEN else _escaped(char)
        for char in text
    )


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"
