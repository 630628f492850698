"""Object storage: where Bronze's files lie. One interface, a folder on local disk or a bucket behind it.

`open_store(url, bronze)` chooses by the URL's scheme; both pass one behaviour suite.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from rastup.core.config import BronzeConfig
from rastup.core.errors import ConfigError
from rastup.lake.storage.base import NoSuchObject, ObjectInfo, ObjectStore

__all__ = ["NoSuchObject", "ObjectInfo", "ObjectStore", "open_store"]


def open_store(url: str, bronze: BronzeConfig) -> ObjectStore:
    """The store at `url`: `file:///folder` or `s3://bucket/prefix`.

    Raises:
        ConfigError: another scheme, or no bucket.
    """
    # The two are imported here so that a process on local disk does not load an S3 client.
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
        from rastup.lake.storage.local import LocalStore

        return LocalStore(unquote(parts.path))
    if parts.scheme == "s3" and parts.netloc:
        from rastup.lake.storage.s3 import S3ObjectStore

        return S3ObjectStore(parts.netloc, parts.path.strip("/"), bronze)
    raise ConfigError(f"bronze.url = {url!r} is not allowed; give file:///folder or s3://bucket/prefix.")
