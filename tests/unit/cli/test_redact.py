"""`rastup redact` as a person or a pipe runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path


def _run(*arguments: str, given: bytes = b"") -> tuple[int, list[str], str]:
    done = subprocess.run(
        [sys.executable, "-m", "rastup", "redact", *arguments], input=given, capture_output=True
    )
    return done.returncode, done.stdout.decode().splitlines(), done.stderr.decode()


def test_each_line_gives_one_object_with_kinds_and_redacted_text() -> None:
    code, lines, _ = _run(given=b"mail jo@example.com or 415-555-0132\n\nplain\r\n\xff call +14155550132")
    assert code == 0
    assert [json.loads(line) for line in lines] == [
        {
            "kinds": ["email", "phone"],
            "counts": {"email": 1, "phone": 1},
            "redacted": "mail [email] or [phone]",
        },
        {"kinds": [], "counts": {}, "redacted": ""},
        {"kinds": [], "counts": {}, "redacted": "plain"},
        {"kinds": ["phone"], "counts": {"phone": 1}, "redacted": "\ufffd call [phone]"},
    ]


def test_files_are_read_in_their_order_and_text_alone_can_be_had(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a@b.co\n")
    (tmp_path / "b").write_text("b\n")
    code, lines, _ = _run("--output", "text", str(tmp_path / "b"), str(tmp_path / "a"))
    assert (code, lines) == (0, ["b", "[email]"])


def test_check_ends_with_one_when_something_was_found_and_says_nothing_of_it() -> None:
    code, _, said = _run("--check", given=b"jo@example.com\n")
    assert code == 1
    assert "jo@" not in said
    assert _run("--check", given=b"nothing\n")[0] == 0


def test_a_line_that_is_no_json_string_is_a_usage_error_with_its_number() -> None:
    code, lines, said = _run("--json-lines", given=b'"a\\nb@c.de"\n7\n')
    assert code == 2
    assert json.loads(lines[0])["redacted"] == "a\n[email]"
    assert "line 2" in said
    assert _run("/no/such/file")[0] == 2


def test_a_line_is_answered_before_the_next_is_there() -> None:
    command = [sys.executable, "-m", "rastup", "redact"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(b"line %d of a@b.co\n" % number)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["redacted"] == f"line {number} of [email]"
        process.stdin.close()
        assert process.wait() == 0
