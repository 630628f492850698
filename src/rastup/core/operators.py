"""Who acts: noted beside what a person or a timer had done."""

from __future__ import annotations

import getpass
import os


def operator_name() -> str:
    """The name of the account that runs this process; its number where it has no name, as in many containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
