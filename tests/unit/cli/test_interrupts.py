"""An interrupt is no fault, however early it comes."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
INSTALLED = tomllib.loads(PYPROJECT.read_text())["project"]["scripts"]["rastup"]
_INTERRUPTED = """
import os, signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
sys.argv = ["rastup", "keys", "--help"]
"""
_AS_MODULE = "import runpy; runpy.run_module('rastup', run_name='__main__', alter_sys=True)"
# What an installer writes of the entry point.
_AS_SCRIPT = "from {} import {} as run; sys.exit(run())".format(*INSTALLED.split(":"))


@pytest.mark.parametrize("start", [_AS_MODULE, _AS_SCRIPT], ids=["module", "script"])
@pytest.mark.parametrize("name", ["rastup.cli", "click", "rastup.core.errors", "rastup.cli.keys"])
def test_an_interrupt_while_the_command_is_imported_leaves_no_traceback(start: str, name: str) -> None:
    code = _INTERRUPTED.format(name=name) + start
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ended.returncode, ended.stdout, ended.stderr.strip()) == (130, "", "")
