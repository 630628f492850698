"""What somebody sent does not steer the terminal of whoever looks at it."""

from __future__ import annotations

import pytest

from rastup.cli.render import emit_rows


def test_a_table_shows_control_characters_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    emit_rows([{"event": "\x1b]0;title\x07\x1b[2J\u202eRED"}], ["event"], "table")
    shown = capsys.readouterr().out
    assert not any(character in shown for character in "\x1b\x07\u202e")
    assert "\\u001b]0;title\\u0007\\u001b[2J\\u202eRED" in shown
