"""One field of a form, multipart or URL-encoded, read within bounds. Files and other fields are passed over unread."""

from __future__ import annotations

from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from rastup.core.errors import Rejected
from rastup.ingest.webhooks.door import NOT_JSON

MOST_FIELDS = 32
_URLENCODED = b"application/x-www-form-urlencoded"


def form_field(content_type: str, body: bytes, name: str) -> bytes:
    """The bytes of a form's field.

    Raises:
        Rejected: 415 for another content type, 400 for a form that is broken, has too many fields or not this one once.
    """
    kind, options = parse_options_header(content_type.encode("latin-1", "replace"))
    if kind == _URLENCODED:
        found = _urlencoded(body, name)
    elif kind == b"multipart/form-data" and options.get(b"boundary"):
        found = _multipart(options[b"boundary"], body, name.encode())
    else:
        raise Rejected(415, NOT_JSON, f"Expected a form with the field `{name}`.")
    if len(found) != 1:
        raise Rejected(400, NOT_JSON, f"Expected the form field `{name}` once, found it {len(found)} times.")
    return found[0]


def _urlencoded(body: bytes, name: str) -> list[bytes]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise _broken() from error
    return [value.encode() for key, value in pairs if key == name]


def _multipart(boundary: bytes, body: bytes, name: bytes) -> list[bytes]:
    parts = _Parts(name)
    try:
        parser = MultipartParser(boundary, parts.callbacks())  # type: ignore[arg-type]  # a part of its callbacks
        parser.write(body)
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise _broken() from error
    if not parts.is_complete:
        raise _broken()
    return [bytes(value) for value in parts.found]


class _Parts:
    """Collects the parts of one name while the parser calls back."""

    def __init__(self, name: bytes) -> None:
        self._name = name
        self._count = 0
        self._field, self._value = b"", b""
        self._is_wanted = False
        self.found: list[bytearray] = []
        self.is_complete = False

    def callbacks(self) -> dict[str, object]:
        """For the parser."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_field,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_part_data": self._data,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        self._count += 1
        if self._count > MOST_FIELDS:
            raise FormParserError("too many parts")
        self._is_wanted = False
        self._field = self._value = b""

    def _add_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._field.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            self._is_wanted = options.get(b"name") == self._name and b"filename" not in options
            if self._is_wanted:
                self.found.append(bytearray())
        self._field = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_wanted:
            self.found[-1] += data[start:end]

    def _end(self) -> None:
        self.is_complete = True


def _broken() -> Rejected:
    return Rejected(400, NOT_JSON, f"The form is broken, or has more than {MOST_FIELDS} fields.")
