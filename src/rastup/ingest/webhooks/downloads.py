"""The body of an answer that was asked for with `stream=True`: so much of it, or an error that callers know."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from requests import Response


def body_of(answer: Response, most_bytes: int) -> bytes:
    """The body, up to so many bytes.

    Raises:
        OSError: it broke off, took too long or cannot be unpacked.
    """
    from urllib3.exceptions import HTTPError  # there since requests is, which made the answer

    try:
        data: bytes = answer.raw.read(most_bytes, decode_content=True)
    except HTTPError as error:  # what requests makes an OSError everywhere but here
        raise OSError(f"the answer broke off: {type(error).__name__}") from error
    return data
