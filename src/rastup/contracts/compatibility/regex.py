"""Regular expressions of ECMA 262 as trees, as far as contracts use them."""

from __future__ import annotations

from dataclasses import dataclass

LAST_LETTER = 0x10FFFF
MOST_COPIES = 128
MOST_LETTERS = 1_000
DEEPEST = 32
Ranges = tuple[tuple[int, int], ...]


class Unsupported(Exception):
    """The expression uses something that is not compared."""


@dataclass(frozen=True)
class Empty:
    """Takes the empty text alone."""


@dataclass(frozen=True)
class Letters:
    """Takes one letter of some ranges, both ends included."""

    ranges: Ranges

    def has(self, letter: int) -> bool:
        """Whether the letter is one of them."""
        return any(low <= letter <= high for low, high in self.ranges)


@dataclass(frozen=True)
class Concatenation:
    """One behind the other."""

    first: Regex
    then: Regex


@dataclass(frozen=True)
class Union:
    """Either of two."""

    one: Regex
    other: Regex


@dataclass(frozen=True)
class Repetition:
    """Any number of times, none included."""

    of: Regex


Regex = Empty | Letters | Concatenation | Union | Repetition
EMPTY = Empty()
ANY = Letters(((0, LAST_LETTER),))
_DIGITS: Ranges = ((48, 57),)
_WORD: Ranges = ((48, 57), (65, 90), (95, 95), (97, 122))
_LINE_ENDS: Ranges = ((10, 10), (13, 13), (0x2028, 0x2029))
_CONTROLS = {"n": 10, "r": 13, "t": 9, "f": 12, "v": 11}
_SPECIAL = "^$.*+?()[]{}|\\"


def parse(pattern: str) -> tuple[Regex, bool, bool]:
    """The tree, and whether the pattern is anchored at the start and at the end of the text.

    Raises:
        Unsupported: it uses something that is not compared.
    """
    if len(pattern) > MOST_LETTERS or pattern.count("(") > DEEPEST:
        raise Unsupported(pattern)
    # An anchor counts for the whole only where no alternative stands beside it.
    is_split = "|" in _outside_groups(pattern)
    is_from_start, is_to_end = pattern.startswith("^"), _ends_anchored(pattern)
    if is_split and (is_from_start or is_to_end):
        raise Unsupported(pattern)
    inner = pattern[is_from_start : len(pattern) - is_to_end]
    reader = _Reader(inner)
    found = reader.union()
    if not reader.is_done:
        raise Unsupported(pattern)
    return found, is_from_start, is_to_end


def _ends_anchored(pattern: str) -> bool:
    body = pattern[:-1]
    slashes = len(body) - len(body.rstrip("\\"))
    return pattern.endswith("$") and slashes % 2 == 0


def _outside_groups(pattern: str) -> str:
    kept, depth, is_escaped, is_class = [], 0, False, False
    for letter in pattern:
        if is_escaped:
            is_escaped = False
            continue
        if letter == "\\":
            is_escaped = True
        elif is_class:
            is_class = letter != "]"
        elif letter == "[":
            is_class = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth == 0:
            kept.append(letter)
    return "".join(kept)


class _Reader:
    """Recursive descent over a pattern without its outer anchors."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._copies = text, 0, 0

    @property
    def is_done(self) -> bool:
        return self._at >= len(self._text)

    def _next(self) -> str:
        return self._text[self._at] if not self.is_done else ""

    def _take(self, expected: str = "") -> str:
        letter = self._next()
        if not letter or (expected and letter != expected):
            raise Unsupported(self._text)
        self._at += 1
        return letter

    def union(self) -> Regex:
        found = self._concatenation()
        while self._next() == "|":
            self._take()
            found = Union(found, self._concatenation())
        return found

    def _concatenation(self) -> Regex:
        parts: list[Regex] = []
        while self._next() not in ("", "|", ")"):
            parts.append(self._repeated(self._atom()))
        return _joined(parts)

    def _atom(self) -> Regex:
        letter = self._take()
        if letter == "(":
            if self._text[self._at : self._at + 2] == "?:":
                self._at += 2
            elif self._next() == "?":
                raise Unsupported(self._text)
            found = self.union()
            self._take(")")
            return found
        if letter == "[":
            return self._class()
        if letter == ".":
            return Letters(_others(_LINE_ENDS))
        if letter == "\\":
            return Letters(self._escaped())
        if letter in _SPECIAL:
            raise Unsupported(self._text)
        return Letters(((ord(letter), ord(letter)),))

    def _escaped(self) -> Ranges:
        letter = self._take()
        if letter in "dD":
            return _DIGITS if letter == "d" else _others(_DIGITS)
        if letter in "wW":
            return _WORD if letter == "w" else _others(_WORD)
        code = _CONTROLS.get(letter, ord(letter))
        if letter.isalnum() and letter not in _CONTROLS:
            raise Unsupported(self._text)
        return ((code, code),)

    def _class(self) -> Regex:
        is_negated = self._next() == "^"
        self._at += is_negated
        ranges: list[tuple[int, int]] = []
        while self._next() != "]":
            low = self._member()
            is_single = len(low) == 1 and low[0][0] == low[0][1]
            if is_single and self._next() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", ""):
                self._take("-")
                low = ((low[0][0], self._member()[-1][1]),)
            ranges += low
        self._take("]")
        found = tuple(sorted(ranges))
        return Letters(_others(found) if is_negated else found)

    def _member(self) -> Ranges:
        letter = self._take()
        if letter == "\\":
            return self._escaped()
        if letter == "[" or (letter == "&" and self._next() == "&"):
            raise Unsupported(self._text)
        return ((ord(letter), ord(letter)),)

    def _repeated(self, atom: Regex) -> Regex:
        sign = self._next()
        if sign not in ("*", "+", "?", "{"):
            return atom
        self._take()
        bounds = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        low, high = bounds[sign] if sign != "{" else self._counts()
        if self._next() == "?":
            self._take()  # lazy repetition takes the same texts
        if self._next() in ("?", "*", "+", "{") and not self.is_done:
            raise Unsupported(self._text)
        self._copies += max(low, high or 0)
        if self._copies > MOST_COPIES:
            raise Unsupported(self._text)
        parts: list[Regex] = [atom] * low
        if high is None:
            return _joined([*parts, Repetition(atom)])
        optional: Regex = EMPTY
        for _ in range(high - low):
            optional = Union(EMPTY, atom if optional == EMPTY else Concatenation(atom, optional))
        return _joined([*parts, optional])

    def _counts(self) -> tuple[int, int | None]:
        body = ""
        while self._next() != "}":
            body += self._take()
        self._take("}")
        low, comma, high = body.partition(",")
        if not low.isdecimal() or not (high == "" or high.isdecimal()) or len(body) > 9:
            raise Unsupported(self._text)
        if comma:
            return int(low), int(high) if high else None
        return int(low), int(low)


def _joined(parts: list[Regex]) -> Regex:
    """The parts one behind the other, nested to the right so that equal rests are equal trees."""
    found: Regex = EMPTY
    for part in reversed(parts):
        if part != EMPTY:
            found = part if found == EMPTY else Concatenation(part, found)
    return found


def _others(ranges: Ranges) -> Ranges:
    found, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            found.append((start, low - 1))
        start = max(start, high + 1)
    return (*found, (start, LAST_LETTER)) if start <= LAST_LETTER else tuple(found)
