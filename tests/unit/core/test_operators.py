"""Who acts, also where the account has no name."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys

import pytest

from rastup.core.operators import operator_name

NAMES = ("LOGNAME", "USER", "LNAME", "USERNAME")


def test_an_account_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    assert operator_name() == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become an account without a name")
def test_an_account_without_a_name_is_called_by_its_number() -> None:
    uid = next(uid for uid in range(54_321, 60_000) if uid not in {entry.pw_uid for entry in pwd.getpwall()})
    code = f"import os; from rastup.core.operators import operator_name; os.setuid({uid}); print(operator_name())"
    environ = {name: value for name, value in os.environ.items() if name not in NAMES}
    told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True)
    assert told.stdout == f"uid {uid}\n", told.stderr


@pytest.mark.skipif(os.getuid() == 0, reason="root becomes one in the test above")
def test_a_lookup_that_fails_gives_the_number(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    assert operator_name() == f"uid {os.getuid()}"
