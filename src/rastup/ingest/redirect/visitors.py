"""Who asks for a link: a person, a program that follows links, or something that only looks ahead."""

from __future__ import annotations

from rastup.ingest.headers import Headers
from rastup.ingest.user_agents import read

PERSON, PROGRAM, AHEAD, HEAD = "person", "program", "ahead", "head"
_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_AHEAD = ("prefetch", "prerender", "preview")


def visitor(method: str, headers: Headers) -> str:
    """What kind of visitor a request is of. One that does not say what it is is no browser."""
    if method == "HEAD":
        return HEAD
    for name in _PURPOSES:
        purpose = (headers.get(name) or "").lower()
        if any(word in purpose for word in _AHEAD):
            return AHEAD
    agent = headers.get("user-agent")
    return PERSON if agent and not read(agent).is_bot else PROGRAM
