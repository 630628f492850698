"""Answers are kept: a release never changes, so the same question to it has the same answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from rastup.console.data.base import Rows

MOST_ANSWERS = 512
MOST_ROWS, MOST_ROWS_IN_ALL = 5_000, 100_000


class AnswerCache:
    """The latest answers, by release and question. Safe for threads."""

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[tuple[Any, ...], Rows] = OrderedDict()
        self._rows = 0
        self._lock = threading.Lock()

    def get(self, release: str, sql: str, params: Sequence[Any], ask: Callable[[], Rows]) -> Rows:
        """The kept answer, else that of `ask`."""
        key = (release, sql, repr(tuple(params)))
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        answer = ask()
        if len(answer.values) <= MOST_ROWS:
            with self._lock:
                if key not in self._answers:
                    self._rows += len(answer.values)
                self._answers[key] = answer
                while len(self._answers) > self._most or self._rows > MOST_ROWS_IN_ALL:
                    _, oldest = self._answers.popitem(last=False)
                    self._rows -= len(oldest.values)
        return answer
