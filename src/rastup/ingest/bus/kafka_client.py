"""What both sides of Kafka share: the options of librdkafka, and what its errors mean to us."""

from __future__ import annotations

import logging
from typing import Any

from confluent_kafka import Consumer, KafkaError, KafkaException, Producer

from rastup.core.config import BusConfig
from rastup.core.errors import ConfigError
from rastup.core.logs import get_logger

ASK_S = 5.0
"""How long a broker may take to answer what we ask at a start."""
_OURS = frozenset(
    {
        "bootstrap.servers",
        "enable.idempotence",
        "acks",
        "message.timeout.ms",
        "group.id",
        "enable.auto.commit",
        "error_cb",
        "logger",
    }
)
_log = get_logger(__name__)
_silent = logging.getLogger("rastup.librdkafka")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False


def options_of(config: BusConfig) -> dict[str, Any]:
    """The options of a client: a user's, and ours.

    Raises:
        ConfigError: an option without a value, or one that is not the user's to set.
    """
    found: dict[str, Any] = {
        "log_level": 3,
        "logger": _silent,  # librdkafka repeats itself at each attempt to connect; `error_cb` hears the same
        "error_cb": _heard,
        "enable.metrics.push": False,
        "reconnect.backoff.max.ms": 1_000,
        "socket.keepalive.enable": True,
    }
    for option in config.kafka_options:
        name, _, value = option.partition("=")
        if not name.strip() or not value.strip() or name.strip() in _OURS:
            raise ConfigError(
                f"bus.kafka_options: {name.strip()[:60]!r} is not allowed; give `name=value` with names of librdkafka's "
                f"configuration other than {', '.join(sorted(_OURS))}."
            )
        found[name.strip()] = value.strip()
    return {**found, "bootstrap.servers": config.brokers}


def try_options(config: BusConfig) -> None:
    """Has librdkafka read the options, without a broker to connect to.

    Raises:
        ConfigError: says which one it refuses, and why.
    """
    options = {name: value for name, value in options_of(config).items() if name != "bootstrap.servers"}
    try:
        Producer(options)
        Consumer({**options, "group.id": "rastup"}).close()
    except KafkaException as error:
        raise ConfigError(f"bus.kafka_options: {_without_values(error.args[0].str(), config)}") from None
    except (TypeError, ValueError, AttributeError) as error:  # callbacks, which no text can be
        raise ConfigError(f"bus.kafka_options: {error}.") from None


def _without_values(text: str, config: BusConfig) -> str:
    """What librdkafka says, which repeats values: some are secrets."""
    for option in config.kafka_options:
        if value := option.partition("=")[2].strip():
            text = text.replace(f'"{value}"', '"…"')
    return text


def _heard(error: KafkaError) -> None:
    _log.debug("kafka", error=error.str())
