"""Street addresses, where they can be told: a house number and a word for a street, a box at a post office.

Names of streets are written in too many ways for a pattern to know them all: what is found is what says that it is a street.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span
from rastup.ingest.redaction.words import either

_UNIT = (
    r"(?:[\s,.]{1,3}(?:(?:apt|apartment|suite|ste|unit|floor|fl|room|rm|bldg|building)\b\.?|#)"
    r"[ #]{0,2}[0-9A-Z][0-9A-Za-z\-]{0,6})?"
)
_STATE = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]"
    r"|TEXAS|Texas)(?:,? \d{5}(?:-\d{4})?)?"
)
_CAPITAL = r"[A-ZÀ-Þ][\w'’.\-]{1,24}"
_TOWN = rf"(?:[\s,]{{1,3}}{_CAPITAL}(?: {_CAPITAL}){{0,3}},? {_STATE})?"
_DIRECTION = r"(?:(?:[NSEW]|[NS][EW]|North|South|East|West)\.? )?"
_LIKELY = either("""
    Street, St, Avenue, Ave, Av, Boulevard, Blvd, Road, Rd, Lane, Ln, Drive, Dr, Court, Ct, Circle, Cir,
    Terrace, Ter, Trail, Trl, Parkway, Pkwy, Highway, Hwy, Place, Pl, Square, Sq, Loop, Way, Alley,
    Plaza, Crescent, Close, Row, Gardens, Freeway, Fwy, Expressway, Turnpike, Creek, Hill, Hollow, Cliffs
""")
_RARE = either("""
    Annex, Arcade, Beach, Bend, Bluffs?, Branch, Bridge, Brooks?, Bypass, Camp, Canyon, Cape, Causeway,
    Centers?, Commons?, Corners?, Courts, Coves?, Crest, Crossing, Crossroads?, Curve, Dale, Dam, Divide,
    Drives, Estates?, Extensions?, Falls, Ferry, Fields?, Flats?, Fords?, Forest, Forges?, Forks?, Fort,
    Garden, Gateway, Glens?, Greens?, Groves?, Harbors?, Haven, Heights, Hills, Inlet, Islands?, Isle,
    Junctions?, Keys?, Knolls?, Lakes?, Land, Landing, Lights?, Locks?, Lodge, Mall, Manors?, Meadows?,
    Mews, Mills?, Mission, Motorway, Mountains?, Mount, Neck, Orchard, Oval, Overpass, Parks?, Pass,
    Passage, Path, Pike, Pines?, Plains?, Points?, Ports?, Prairie, Ramp, Ranch, Rapids?, Ridges?, River,
    Roads, Route, Run, Shoals?, Shores?, Skyway, Springs?, Spurs?, Squares, Station, Stravenue, Streams?,
    Streets, Summit, Throughway, Trace, Track, Trafficway, Tunnel, Underpass, Unions?, Valleys?, Via,
    Viaduct, Views?, Villages?, Ville, Vista, Walks?, Wall, Wells?
""")
"""Words for streets in the United States that mostly mean something else."""
_SURE = either("street, st, avenue, ave, boulevard, blvd, road, rd, lane, parkway, pkwy, drive")
_NO_NAME = either(r"""
    a, an, and, at, by, for, from, in, is, my, of, off, on, or, the, this, to, with, per, min\w*, hours?,
    days?, years?, weeks?, months?, people, k?m, miles?
""")
_NO_STREET = either("of, trip, show, team, food, art, style, life, style, drive")
_NUMBER = r"(?<![\w.,:/#$€£%\-])\d{1,6}"
_NTH = r"\d{1,3}(?:st|nd|rd|th)"

_ENGLISH = re.compile(
    rf"(?<![\w.,:/#$€£%\-])(?:\d{{1,5}} )?\d{{1,6}}[A-Za-z]?,? {_DIRECTION}(?:(?:[A-ZÀ-Þ][\w'’.\-]{{0,24}}|{_NTH}) ){{1,4}}"
    rf"(?:{_LIKELY})\b\.?(?! of\b)(?:(?<!\.) [NSEW]{{1,2}}\b)?{_UNIT}{_TOWN}"
)
_ENGLISH_IN_SMALL = re.compile(
    rf"{_NUMBER}[a-z]? (?:[nsew]\.? |north |south |east |west )?"
    rf"(?:(?!(?:{_NO_NAME})\b)(?:[a-z][\w'’\-]{{1,24}}|{_NTH}) ){{1,2}}(?:{_SURE})\b\.?(?! (?:{_NO_STREET})\b){_UNIT}",
    re.I,
)
_AMERICAN_RARE = re.compile(
    rf"(?<![\w.,:/#$€£%\-])(?!(?:19|20)\d\d )\d{{3,5}} {_DIRECTION}[A-Z][a-z]+(?: [A-Z][a-z]+)? (?:{_RARE})\b{_UNIT}{_TOWN}"
)
_BRITISH_FLAT = re.compile(
    rf"(?<![\w])(?:Flat|Studio) \d{{1,4}}[A-Za-z]?, (?:\d{{1,4}} )?{_CAPITAL}(?: {_CAPITAL})?? (?:{_LIKELY}|{_RARE})\b"
)
_GERMANIC_WORD = either("""
    straße, strasse, str\\., straat, gata, gatan, gate, gade, vej, veien, vegen, vägen, weg, gasse, allee,
    platz, plein, laan, gracht, kade, katu, kuja, tie, braut, stígur, damm, ufer, singel, stigen, torget,
    gränd, steeg, dreef
""")
_GERMANIC = re.compile(
    rf"(?<![\w])(?:\d{{1,6}} )?[A-ZÀ-Þ][\w\-]{{1,30}}?(?i:{_GERMANIC_WORD}|-ring)"
    rf"[ ,]{{1,2}}\d{{1,4}} ?[a-zA-Z]?\b(?![.:%]\d){_UNIT}"
)
_GERMANIC_APART = re.compile(
    r"(?<![\w])[A-ZÀ-Þ][\w\-]{1,30} (?:Stra(?:ß|ss)e|Str\.|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer) \d{1,4} ?[a-z]?\b"
)
_ROMANCE_WORD = either(r"""
    [Rr]ua, [Rr]ue, [Vv]ia, [Cc]alle, C/, [Aa]venida, [Aa]vda?\., [Aa]venue, [Cc]arrer, [Cc]arretera,
    [Cc]orso, [Pp]iazza, [Pp]laza, [Vv]iale, [Vv]icolo, [Bb]oulevard, [Bb]d\.?, [Cc]hemin, [Aa]llée,
    [Ii]mpasse, [Qq]uai, [Tt]ravessa, [Ee]strada, [Ll]argo, [Pp]aseo, [Uu]lica, [Uu]l\., Aleja,
    [Cc]olonia, Colônia, Viaducto, Pasaje, Callejón, Eje vial, Peatonal, Privada, Calzada, Diagonal,
    Circuito, Cerrada, Viela, Morro, Condomínio, Praça, Alameda, Rodovia, Ladeira, Strada, Contrada,
    Borgo, Rotonda, Canale, Stretto, Incrocio, [Cc]amino, [Rr]onda, Glorieta, Rambla, Cuesta, Pasadizo, Travesía,
    Urbanización, Cañada, Acceso, [Cc]tra\., [Pp]za\.
""")
_OF = r"(?:(?:de|da|do|dos|das|del|della|delle|di|du|des|la|las|le|les|los|l['’]|d['’]) ?){0,3}"
_NAMES = rf"{_OF}{_CAPITAL}(?: {_OF}{_CAPITAL}){{0,4}}"
_ROMANCE = re.compile(
    rf"(?<![\w])(?:\d{{1,6}} )?(?:{_ROMANCE_WORD}) {_NAMES},?(?: n[º°o.]{{0,2}})? \d{{1,5}}\b(?![.:%]\d){_UNIT}"
    rf"|(?<![\w.])\d{{1,4}}(?: ?(?:bis|ter))?,? (?:rue|avenue|boulevard|bd|quai|chemin|allée|impasse|place|route) {_NAMES}"
    rf"|(?<![\w.])\d{{1,6}} (?:{_ROMANCE_WORD}) {_NAMES}{_UNIT}"
)
_BOX = re.compile(
    r"(?<![\w])(?:p\.? ?o\.? ?box|post office box|postfach|apartado(?: postal)?|caixa postal) #?\d{1,6}\b",
    re.I,
)
_WITH_UNIT = re.compile(
    rf"{_NUMBER} {_CAPITAL}(?: {_CAPITAL}){{0,3}}(?: \d{{1,5}})?[\s,>?]{{1,6}}(?:Apt|Suite|Ste|Unit)\.? ?#?\d{{1,5}}\b"
)
_LABELLED = re.compile(
    r"(?<![\w])address(?:es)?(?: is| to|:|,| are)+[ \n]{1,4}"
    r"(?P<address>\d{1,6} [A-ZÀ-Þ0-9][^\n@.;]{2,60}\d[^\n@.;]{0,40}|\d{1,6} [A-ZÀ-Þ][^\n@.;]{2,60})",
    re.I,
)
_PATTERNS = (
    _LABELLED,
    _ENGLISH,
    _AMERICAN_RARE,
    _BRITISH_FLAT,
    _ENGLISH_IN_SMALL,
    _GERMANIC,
    _GERMANIC_APART,
    _ROMANCE,
    _BOX,
    _WITH_UNIT,
)


def _first_words(*patterns: str) -> Iterator[bytes]:
    """The first words of alternatives in UTF-8, in each of their forms."""
    for alternative in "|".join(patterns).split("|"):
        first = re.sub(r"\\\.\??$|[./]$", "", alternative.split(" ")[0])
        for letter in (r"\1", r"\2"):
            form = re.sub(r"\[(\w)(\w)\]", letter, first)
            yield from (form.replace("?", "").encode(), re.sub(r"\w\?", "", form).encode())


_IN_ANY_CASE = f"{_SURE}|{_ROMANCE_WORD}|address|addresses|apartado|apt|box|caixa|place|postfach|route|ste"
BEFORE_NUMBERS = tuple(set(_first_words(_GERMANIC_WORD, "ring")))
"""Ends of words in UTF-8 that tell a street when a number follows."""
TELLING = frozenset(
    _first_words(
        *(
            _LIKELY,
            _RARE,
            _ROMANCE_WORD,
            "Straße|Strasse|Str|Weg|Allee|Platz|Gasse|Ring|Damm|Ufer|Suite|Unit",
        ),
        *(_IN_ANY_CASE, _IN_ANY_CASE.upper(), _IN_ANY_CASE.title()),
    )
)
"""Words in UTF-8, one of which is in each address that does not end with a number."""


def find(text: str) -> Iterator[Span]:
    """Where there are street addresses."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield match.span("address") if pattern is _LABELLED else match.span()
