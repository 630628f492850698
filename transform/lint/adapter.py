"""Stands in for dbt's `adapter` while sqlfluff renders the models: a dispatched macro becomes a call of its name."""

from collections.abc import Callable


def dispatch(name: str, *_packages: str) -> Callable[..., str]:
    """What a macro makes of its first argument, in no engine's dialect."""
    return lambda *arguments: f"{name}({arguments[0] if arguments else ''})"
