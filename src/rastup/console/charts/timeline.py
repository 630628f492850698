"""A timeline: stacked bars by day or minute from zero, with at most one line over them, as inline SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from rastup.console.charts.scale import Scale, zero_based
from rastup.console.charts.sparkline import path

Format = Callable[[float | None], str]


@dataclass(frozen=True)
class Layer:
    """One colour of the bars, or the line. `tone` is a CSS class: `c1` … `c6`, or `bad`."""

    name: str
    values: tuple[float | None, ...]
    tone: str = "c1"


@dataclass(frozen=True)
class Timeline:
    """What is drawn. `labels` name the steps for tooltips, `ticks` for the axis; `open_from` is the first step whose
    data are not complete, which is hatched. `links` are where a click on a step leads.
    """

    layers: tuple[Layer, ...]
    labels: tuple[str, ...]
    ticks: tuple[str, ...]
    format: Format
    axis: Format
    line: Layer | None = None
    open_from: int | None = None
    links: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """The size of a drawing and the room for its axes."""

    width: int
    height: int
    left: int = 44
    right: int = 8
    top: int = 10
    bottom: int = 22

    @property
    def inner(self) -> int:
        """The width between the axes."""
        return self.width - self.left - self.right


WIDE, NARROW = Frame(640, 208), Frame(340, 190, left=40)


def draw(chart: Timeline, label: str) -> Markup:
    """The chart twice, for wide and for narrow places; the style sheet shows one of them."""
    return Markup("").join(
        Markup('<div class="chart-{}">{}</div>').format(name, _svg(chart, label, frame, name))
        for name, frame in (("wide", WIDE), ("narrow", NARROW))
    )


def _svg(chart: Timeline, label: str, frame: Frame, name: str) -> Markup:
    totals = [_total(chart, n) for n in range(len(chart.labels))]
    overlay = chart.line.values if chart.line else ()
    scale = zero_based([*totals, *overlay], frame.height - frame.bottom, frame.top)
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-label="{label}" data-chart="{name}">'
        "{axes}{bars}{line}{hits}</svg>"
    ).format(
        w=frame.width,
        h=frame.height,
        label=escape(label),
        name=name,
        axes=_axes(chart, frame, scale),
        bars=Markup("").join(_step(chart, frame, scale, n) for n in range(len(chart.labels))),
        line=_line(chart, frame, scale),
        hits=Markup("").join(_hit(chart, frame, n) for n in range(len(chart.labels))),
    )


def _total(chart: Timeline, n: int) -> float | None:
    values = [v for v in (layer.values[n] for layer in chart.layers) if v is not None]
    return sum(values) if values else None


def _axes(chart: Timeline, frame: Frame, scale: Scale) -> Markup:
    lines = [
        Markup(
            '<line class="{cls}" x1="{x1}" x2="{x2}" y1="{y:.1f}" y2="{y:.1f}"/>'
            '<text class="tick" x="{tx}" y="{ty:.1f}" text-anchor="end">{text}</text>'
        ).format(
            cls="axis" if tick == 0 else "grid",
            x1=frame.left,
            x2=frame.width - frame.right,
            y=scale(tick),
            tx=frame.left - 6,
            ty=scale(tick) + 3.5,
            text=chart.axis(tick),
        )
        for tick in scale.ticks
    ]
    return Markup("").join([*lines, *_day_ticks(chart, frame)])


def _day_ticks(chart: Timeline, frame: Frame) -> list[Markup]:
    """Few of them, never touching: the newest one is always named."""
    total = len(chart.ticks)
    most = max(2, frame.inner // 72)
    every = max(1, -(-total // most))
    step = frame.inner / max(1, total)
    found = []
    for n in range(total - 1, -1, -every):
        x = frame.left + step * (n + 0.5)
        anchor = "end" if x > frame.width - 24 else "start" if x < frame.left + 12 else "middle"
        x = {"end": frame.width - frame.right, "start": float(frame.left)}.get(anchor, x)
        found.append(
            Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
                x, frame.height - 6, anchor, chart.ticks[n]
            )
        )
    return found


def _step(chart: Timeline, frame: Frame, scale: Scale, n: int) -> Markup:
    step = frame.inner / len(chart.labels)
    width = max(1.0, min(step * 0.72, step - 1.5, 36.0))
    x = frame.left + step * n + (step - width) / 2
    is_open = chart.open_from is not None and n >= chart.open_from
    base, drawn = 0.0, []
    for layer in chart.layers:
        value = layer.values[n]
        if not value:
            continue
        y0, y1 = scale(base), scale(base + value)
        box = Markup('x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"').format(
            x, min(y0, y1), width, max(0.75, abs(y0 - y1))
        )
        drawn.append(
            Markup('<rect class="bar {}{}" {}/>').format(layer.tone, " open" if is_open else "", box)
        )
        if is_open:
            drawn.append(_hatching(x, min(y0, y1), width, abs(y0 - y1)))
        base += value
    return Markup("").join(drawn)


def _hatching(x: float, y: float, width: float, height: float) -> Markup:
    """Slanted lines within the box, drawn without a pattern so that an exported picture needs no definitions."""
    lines, offset, gap = [], 4.0, 5.0
    while offset < width + height:
        x0, y0 = x + max(0.0, offset - height), y + min(offset, height)
        x1, y1 = x + min(offset, width), y + max(0.0, offset - width)
        lines.append(f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}")
        offset += gap
    return Markup('<path class="hatch" d="{}"/>').format("".join(lines)) if lines else Markup("")


def _line(chart: Timeline, frame: Frame, scale: Scale) -> Markup:
    if chart.line is None:
        return Markup("")
    step = frame.inner / len(chart.labels)
    points = [
        None if value is None else (frame.left + step * (n + 0.5), scale(value))
        for n, value in enumerate(chart.line.values)
    ]
    return Markup('<path class="trend {}" d="{}"/>').format(chart.line.tone, path(points))


def _hit(chart: Timeline, frame: Frame, n: int) -> Markup:
    step = frame.inner / len(chart.labels)
    link = Markup(' data-href="{}"').format(chart.links[n]) if chart.links else ""
    return Markup('<rect class="hit" x="{:.1f}" y="{}" width="{:.1f}" height="{}" data-tip="{}"{}/>').format(
        frame.left + step * n,
        frame.top,
        step,
        frame.height - frame.top - frame.bottom,
        _tip(chart, n),
        link,
    )


def _tip(chart: Timeline, n: int) -> str:
    lines = [chart.labels[n]]
    lines += [f"{layer.name}: {chart.format(layer.values[n])}" for layer in chart.layers]
    if chart.line:
        lines.append(f"{chart.line.name}: {chart.format(chart.line.values[n])}")
    if chart.open_from is not None and n >= chart.open_from:
        lines.append("not complete yet")
    return "\n".join(lines)
