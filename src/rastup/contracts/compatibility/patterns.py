"""Regular expressions: does one take every text that another takes?

Decided for what contracts use: literals, classes, groups, alternatives, repetition, and anchors at the ends. Of anything
else (looks, back references, `\\b`, `\\s`, `\\p`) nothing is claimed. The expressions are followed letter by letter, by
their partial derivatives (Antimirov, 1996), until no new pair of states comes up.
"""

from __future__ import annotations

import functools
from collections import deque
from dataclasses import dataclass

from rastup.contracts.compatibility.regex import (
    ANY,
    EMPTY,
    Concatenation,
    Letters,
    Regex,
    Repetition,
    Union,
    Unsupported,
    parse,
)

MOST_PAIRS = 4_000


@dataclass(frozen=True)
class _Pair:
    """Where one text can have led: to one state of the narrow expression, and to these of the wide one."""

    narrow: Regex
    wide: frozenset[Regex]


@functools.lru_cache(maxsize=1024)
def includes(wide: str, narrow: str) -> bool:
    """Whether it is certain that every text with a match of `narrow` has one of `wide`."""
    if wide == narrow:
        return True
    try:
        return _is_included(_searched(narrow), _searched(wide))
    except (Unsupported, RecursionError):
        return False


def _is_included(narrow: Regex, wide: Regex) -> bool:
    first = _Pair(narrow, frozenset([wide]))
    letters = _representatives(first.narrow, *first.wide)
    waiting, seen = deque([first]), {first}
    while waiting:
        pair = waiting.popleft()
        if is_nullable(pair.narrow) and not any(map(is_nullable, pair.wide)):
            return False
        for letter in letters:
            after = frozenset(state for one in pair.wide for state in derived(one, letter))
            for state in derived(pair.narrow, letter):
                if (following := _Pair(state, after)) not in seen:
                    seen.add(following)
                    waiting.append(following)
        if len(seen) > MOST_PAIRS:
            return False
    return True


def _searched(pattern: str) -> Regex:
    """The expression of all texts in which the pattern has a match: it is searched for, unless it is anchored."""
    found, is_from_start, is_to_end = parse(pattern)
    anything = Repetition(ANY)
    found = found if is_from_start else Concatenation(anything, found)
    return found if is_to_end else Concatenation(found, anything)


def is_nullable(regex: Regex) -> bool:
    """Whether it takes the empty text."""
    if isinstance(regex, Concatenation):
        return is_nullable(regex.first) and is_nullable(regex.then)
    if isinstance(regex, Union):
        return is_nullable(regex.one) or is_nullable(regex.other)
    return isinstance(regex, Repetition) or regex == EMPTY


@functools.lru_cache(maxsize=65_536)
def derived(regex: Regex, letter: int) -> frozenset[Regex]:
    """What is left to match behind that letter."""
    if isinstance(regex, Letters):
        return frozenset([EMPTY]) if regex.has(letter) else frozenset()
    if isinstance(regex, Union):
        return derived(regex.one, letter) | derived(regex.other, letter)
    if isinstance(regex, Repetition):
        return frozenset(_then(rest, regex) for rest in derived(regex.of, letter))
    if isinstance(regex, Concatenation):
        found = frozenset(_then(rest, regex.then) for rest in derived(regex.first, letter))
        return found | derived(regex.then, letter) if is_nullable(regex.first) else found
    return frozenset()


def _then(first: Regex, then: Regex) -> Regex:
    return then if first == EMPTY else Concatenation(first, then)


def _representatives(*regexes: Regex) -> list[int]:
    """One letter of each group of letters that the expressions do not tell apart."""
    edges, waiting = {0}, list(regexes)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Letters):
            edges |= {edge for low, high in one.ranges for edge in (low, high + 1)}
        elif isinstance(one, Concatenation):
            waiting += [one.first, one.then]
        elif isinstance(one, Union):
            waiting += [one.one, one.other]
        elif isinstance(one, Repetition):
            waiting.append(one.of)
    return sorted(edge for edge in edges if edge <= ANY.ranges[-1][1])
