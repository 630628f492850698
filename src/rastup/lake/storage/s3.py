"""Objects in a bucket of S3 or of any store that speaks its protocol and honours `If-None-Match: *`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import S3Store

from rastup.core.config import BronzeConfig
from rastup.core.errors import StoreUnavailable
from rastup.lake.storage.base import NoSuchObject, ObjectInfo, ObjectStore, checked_key

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

_PARALLEL = 16
# The lander tries again by itself and says so, hence the client gives up early.
_RETRY: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class S3ObjectStore(ObjectStore):
    """One prefix of one bucket."""

    def __init__(self, bucket: str, prefix: str, config: BronzeConfig) -> None:
        self.url = f"s3://{bucket}/{prefix}".rstrip("/")
        self._config = config
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            client_options=_client_options(config),
            retry_config=_RETRY,
            **_options(config),
        )

    def put_if_absent(self, key: str, data: bytes) -> bool:
        """See `ObjectStore.put_if_absent`."""
        try:
            self._store.put(checked_key(key), data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            return False
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error
        return True

    def put_all(self, objects: Iterable[tuple[str, bytes]]) -> list[str]:
        """See `ObjectStore.put_all`."""
        checked = [(checked_key(key), data) for key, data in objects]
        if len(checked) == 1:
            return [key for key, data in checked if not self.put_if_absent(key, data)]
        with ThreadPoolExecutor(_PARALLEL) as pool:
            stored = list(pool.map(lambda item: self.put_if_absent(*item), checked))
        return [key for (key, _), is_new in zip(checked, stored, strict=True) if not is_new]

    def get(self, key: str) -> bytes:
        """See `ObjectStore.get`."""
        try:
            return bytes(self._store.get(checked_key(key)).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise NoSuchObject(f"{self.url}/{key}: there is no such object.") from error
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    def list(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """See `ObjectStore.list`."""
        folder = checked_key(prefix.rstrip("/")) if prefix else None
        try:
            for page in self._store.list(folder):
                for found in page:
                    yield ObjectInfo(found["path"], found["size"], found["last_modified"].timestamp())
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    def delete(self, key: str) -> None:
        """See `ObjectStore.delete`."""
        try:
            self._store.delete(checked_key(key))
        except (NotFoundError, FileNotFoundError):
            return
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error

    def exists(self, key: str) -> bool:
        """See `ObjectStore.exists`."""
        try:
            self._store.head(checked_key(key))
        except (NotFoundError, FileNotFoundError):
            return False
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from error
        return True

    def _unavailable(self, error: Exception) -> StoreUnavailable:
        reason = str(error).strip().splitlines()[0][:300]
        where = self._config.s3_endpoint or "AWS"
        return StoreUnavailable(
            f"the store {self.url} at {where}: {reason}. Check bronze.url, bronze.s3_endpoint and the credentials."
        )


def _client_options(config: BronzeConfig) -> ClientConfig:
    return {
        "connect_timeout": timedelta(seconds=5),
        "timeout": timedelta(seconds=30),
        "allow_http": config.s3_endpoint.startswith("http://"),
    }


def _options(config: BronzeConfig) -> dict[str, Any]:
    options: dict[str, Any] = {
        "region": config.s3_region,
        "virtual_hosted_style_request": not config.s3_path_style,
    }
    if config.s3_endpoint:
        options["endpoint"] = config.s3_endpoint
    if config.s3_access_key_id:
        options["access_key_id"] = config.s3_access_key_id
        options["secret_access_key"] = config.s3_secret_access_key
    return options
