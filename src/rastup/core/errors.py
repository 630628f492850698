"""The error tree, branched by what a caller does about it.

    RastupError
    ├── UsageError          exit 2  the caller asked for something that does not exist or is not allowed
    │   └── ConfigError             … in a config file, an environment variable or a flag
    ├── CheckFailed         exit 1  the thing ran and the answer is no (a gate, a compatibility check, a verification)
    │   ├── QualityCheckFailed      QUALITY_CHECK_FAILED
    │   ├── ModelFailed             CTAS_FAILURE
    │   │   └── ProjectBroken       … already when it is compiled
    │   └── DamageFound             stored bytes do not match their checksum
    ├── Unavailable         exit 3  try again later: a lease is held, a store is away, a port is taken, the spool is full
    │   ├── LeaseHeld
    │   ├── ReleaseMoved
    │   ├── StoreUnavailable
    │   ├── SpoolFull               EVENT_PUT_FAILED
    │   ├── BusUnavailable          EVENT_PUT_FAILED
    │   └── NoRelease
    └── Rejected            one request or one event was refused; `code` is one of the specification's codes

A message says what was wrong, with which value (never personal data), what is allowed, and what to do.
"""

from __future__ import annotations

PUT_FAILED = "EVENT_PUT_FAILED"
"""The code of what was not stored: whoever sent it sends it again."""


class RastupError(Exception):
    """Base of every error a user of the platform may see; `exit_code` is what the command line ends with."""

    exit_code = 1


class UsageError(RastupError):
    """The request cannot be carried out as written."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration value is missing, malformed or out of range."""


class CheckFailed(RastupError):
    """A check ran to its end and failed."""

    exit_code = 1


class QualityCheckFailed(CheckFailed):
    """The quality gate refused a run; the last release keeps serving."""

    code = "QUALITY_CHECK_FAILED"


class ModelFailed(CheckFailed):
    """A model could not be built; the last release keeps serving."""

    code = "CTAS_FAILURE"


class ProjectBroken(ModelFailed):
    """The dbt project cannot be parsed or compiled."""


class DamageFound(CheckFailed):
    """Stored bytes do not match their checksum."""


class Unavailable(RastupError):
    """A resource is not to be had at this moment."""

    exit_code = 3


class LeaseHeld(Unavailable):
    """Another process is the one writer of this lake."""


class ReleaseMoved(Unavailable):
    """The current release changed while a run was building on it."""


class StoreUnavailable(Unavailable):
    """The object store did not take or give the bytes."""


class SpoolFull(Unavailable):
    """The spool is at its bound or the disk is full; nothing was stored."""

    code = PUT_FAILED


class BusUnavailable(Unavailable):
    """The bus did not confirm a record, or cannot be read."""

    code = PUT_FAILED


class NoRelease(Unavailable):
    """Nothing has been published yet."""


class Rejected(RastupError):
    """One request was refused. `status` is the HTTP status, `code` the specification's code."""

    def __init__(self, status: int, code: str, message: str, *, position: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.position = position
