"""Pages and fragments from templates, with what every page needs; fragments with an ETag."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from rastup import __version__
from rastup.console import formatting, navigation
from rastup.console.view import View

_HERE = Path(__file__).parent
STATIC = _HERE / "static"


@lru_cache(maxsize=1)
def environment() -> jinja2.Environment:
    """The templates: everything is escaped, an unknown name is an error."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in (
        "money",
        "count",
        "percent",
        "span",
        "size",
        "moment",
        "clock_time",
        "short_moment",
        "short",
        "long_day",
        "visible",
    ):
        found.filters[name] = getattr(formatting, name)
    found.filters["pretty_json"] = pretty_json
    found.globals.update(
        groups=navigation.GROUPS,
        is_current=navigation.is_current,
        asset=asset,
        version=__version__,
        moment_of=formatting.moment_of,
    )
    return found


def pretty_json(value: Any) -> str:
    """A value as indented JSON; the template escapes it."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def one_line_json(value: Any) -> str:
    """A value as JSON in one line."""
    return json.dumps(value, ensure_ascii=False, default=str)


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """The address of a static file; it changes with the file, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page rather than the page."""
    return request.headers.get("hx-request") == "true"


def page(
    request: Request, template: str, *, status: int = 200, view: View | None = None, **values: Any
) -> Response:
    """A whole page."""
    html = environment().get_template(template).render(path=request.url.path, view=view, **values)
    return HTMLResponse(html, status, {"Cache-Control": "no-store", "Vary": "HX-Request"})


def fragment(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A part of a page. The same part asked for again is answered with 304 and nothing."""
    html = environment().get_template(template).render(path=request.url.path, **values)
    tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:24]}"'
    headers = {"Cache-Control": "no-cache", "Vary": "HX-Request", "ETag": tag}
    if status == 200 and tag in [t.strip() for t in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, status, headers)
