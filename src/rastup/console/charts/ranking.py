"""Horizontal bars with their names and values beside them, as inline SVG of any width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

ROW, WIDTHS = 30, {"wide": 480, "narrow": 320}
MOST = 8


@dataclass(frozen=True)
class Entry:
    """One bar: its name, value, the value in words, its share of all, and its tone."""

    name: str
    value: float
    text: str
    share: str
    tone: str = "c1"


def draw(entries: Sequence[Entry], label: str) -> Markup:
    """At most eight bars; the rest stands in the table."""
    return Markup("").join(
        Markup('<div class="chart-{}">{}</div>').format(name, _svg(entries[:MOST], label, width, name))
        for name, width in WIDTHS.items()
    )


def _svg(entries: Sequence[Entry], label: str, width: int, name: str) -> Markup:
    top = max((abs(entry.value) for entry in entries), default=0) or 1
    rows = [_row(entry, n, width, top) for n, entry in enumerate(entries)]
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" data-chart="{}">{}</svg>'
    ).format(width, ROW * len(entries) + 2, escape(label), name, Markup("").join(rows))


def _row(entry: Entry, n: int, width: int, top: float) -> Markup:
    y = ROW * n
    return Markup(
        '<text class="label" x="0" y="{ty}">{name}</text>'
        '<text class="label value" x="{w}" y="{ty}" text-anchor="end">{text}'
        '<tspan class="share" dx="6">{share}</tspan></text>'
        '<rect class="track" x="0" y="{by}" width="{w}" height="5" rx="2.5"/>'
        '<rect class="bar {tone}" x="0" y="{by}" width="{bw:.1f}" height="5" rx="2.5"/>'
        '<rect class="hit" x="0" y="{y}" width="{w}" height="{h}" data-tip="{tip}"/>'
    ).format(
        ty=y + 13,
        by=y + 19,
        y=y,
        h=ROW,
        w=width,
        name=_cut(entry.name, width),
        text=entry.text,
        share=entry.share,
        tone=entry.tone,
        bw=max(2.0 if entry.value else 0.0, width * abs(entry.value) / top),
        tip=f"{entry.name}\n{entry.text} · {entry.share} of all",
    )


def _cut(name: str, width: int) -> str:
    most = width // 12
    return name if len(name) <= most else name[: most - 1] + "…"
