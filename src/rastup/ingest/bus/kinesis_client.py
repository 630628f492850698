"""What both sides of Kinesis share: a client that leaves trying again to us, since only we know what may overtake what."""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from rastup.core.config import BusConfig
from rastup.core.errors import ConfigError

FAULTS = (BotoCoreError, ClientError)
THROTTLED = frozenset(
    {"ProvisionedThroughputExceededException", "LimitExceededException", "ThrottlingException"}
)


def client_of(config: BusConfig) -> Any:
    """A Kinesis client with the credentials that the environment gives.

    Raises:
        ConfigError: the library does not take the region, the endpoint or what the environment says.
    """
    options = Config(
        connect_timeout=2,
        read_timeout=max(1.0, config.delivery_timeout_s / 2),
        retries={"total_max_attempts": 1},
        tcp_keepalive=True,
    )
    try:
        return _session().create_client(
            "kinesis",
            region_name=config.kinesis_region,
            endpoint_url=config.kinesis_endpoint or None,
            config=options,
        )
    except (BotoCoreError, ValueError) as error:
        raise ConfigError(
            f"bus.kinesis_region, bus.kinesis_endpoint or AWS's own settings: {error}"
        ) from error


@cache
def _session() -> Session:
    """Read once a process: the description of Kinesis's API takes a third of a second."""
    return Session()


def code_of(error: Exception) -> str:
    """The service's code of an error, or the kind of a failure on the way to it."""
    if isinstance(error, ClientError):
        return str(error.response["Error"].get("Code"))
    return type(error).__name__
