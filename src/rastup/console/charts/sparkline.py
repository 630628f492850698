"""A sparkline: the shape of a series at a glance, as inline SVG."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

WIDTH, HEIGHT, MARGIN = 120, 32, 3


def sparkline(
    values: Sequence[float | None],
    label: str,
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    open_from: int | None = None,
) -> Markup:
    """A line with a dot at its newest value; missing values leave gaps.

    Args:
        values: oldest first.
        label: the text alternative.
        width: of the drawing.
        height: of the drawing.
        open_from: the place of the first value that is not complete; from there on the line is dashed.
    """
    points = _points(values, width, height)
    known = [point for point in points if point]
    if not known:
        return Markup("")
    solid = points[:open_from]
    tail = [] if open_from is None else points[max(0, open_from - 1) :]
    x, y = known[-1]
    return Markup(
        '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" aria-label="{label}">'
        "{area}{line}{tail}"
        '<circle class="spark-dot" cx="{x:.1f}" cy="{y:.1f}" r="2.25"/></svg>'
    ).format(
        w=width,
        h=height,
        label=escape(label),
        area=Markup('<path class="spark-area" d="{}"/>').format(_area(points, height)),
        line=Markup('<path class="spark-line" d="{}"/>').format(path(solid)),
        tail=Markup('<path class="spark-line spark-tail" d="{}"/>').format(path(tail)) if tail else "",
        x=x,
        y=y,
    )


def _points(values: Sequence[float | None], width: int, height: int) -> list[tuple[float, float] | None]:
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min([*known, 0.0]) if min(known) < 0 else min(known), max(known)
    room, step = height - 2 * MARGIN, (width - 2 * MARGIN) / max(1, len(values) - 1)
    return [
        None
        if value is None
        else (
            MARGIN + step * n,
            MARGIN + room * (0.5 if high == low else 1 - (value - low) / (high - low)),
        )
        for n, value in enumerate(values)
    ]


def path(points: Sequence[tuple[float, float] | None]) -> str:
    """An SVG path through the points; None starts a new stretch."""
    parts, is_new = [], True
    for point in points:
        if point:
            parts.append(f"{'M' if is_new else 'L'}{point[0]:.1f} {point[1]:.1f}")
        is_new = point is None
    return "".join(parts)


def _area(points: Sequence[tuple[float, float] | None], height: int) -> str:
    known = [point for point in points if point]
    if len(known) < 2 or None in points:
        return ""
    return f"{path(known)}L{known[-1][0]:.1f} {height}L{known[0][0]:.1f} {height}Z"
