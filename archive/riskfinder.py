"""Finds in a text what could hurt somebody: how to reach them, their numbers, their names, a case.

Pure: text in, places in it out. It never changes a text, never refuses one, and keeps nothing.
Shown to contributors before they send (they decide) and to the desk beside the piece. Made for
prose in English and Spanish from New York; it prefers a question too many to one too few, except
for names, where too many questions would teach people to stop reading them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _


class Risk(NamedTuple):
    """One place: its kind, a key of `WHY`, and where it begins and ends in the text."""

    kind: str
    start: int
    end: int


class Excerpt(NamedTuple):
    """One place with the words around it, for a page that marks `hit`."""

    kind: str
    title: Any
    why: Any
    before: str
    hit: str
    after: str


# kind -> (what it seems to be, what can follow from it)
WHY: dict[str, tuple[Any, Any]] = {
    "ssn": (
        _("A social security number"),
        _("Somebody could use it to take money or a name. Nobody needs it to read your story."),
    ),
    "a_number": (
        _("An immigration number (A-number)"),
        _("Immigration officers can find a person by it. We would take it out."),
    ),
    "din": (
        _("A prison number (DIN)"),
        _("Anyone can look up a person by it: name, crime, prison. We would take it out."),
    ),
    "email": (_("An e-mail address"), _("Strangers could write to it.")),
    "phone": (_("A phone number"), _("Strangers could call it.")),
    "street": (
        _("A street address"),
        _("Somebody could come to the door. The name of a town says enough."),
    ),
    "birth": (
        _("A full date of birth"),
        _("With a name it is enough to find a person. The year says enough."),
    ),
    "case": (
        _("A case that may still be open"),
        _("What is public can be used in court. If it is not over, talk to a lawyer first."),
    ),
    "name": (
        _("Somebody’s name"),
        _("Does that person know? You can change the name, or use only its first letter."),
    ),
}

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_DATE = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|"
    rf"(?:{_MONTHS})\.? \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d|"
    rf"\d{{1,2}}(?:st|nd|rd|th)? (?:of |de )?(?:{_MONTHS})\.?,? (?:de |del )?(?:19|20)\d\d)"
)
_BORN = r"(?:born|birth|birthday|birthdate|d\.?o\.?b\.?|nac[ií]|naci[óo]|nacid[oa]|nacimiento|cumplea[ñn]os)"
_STREETS = (
    "street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|terrace|parkway|pkwy|"
    "highway|hwy|turnpike"
)

# In this order: what an earlier one has found, a later one leaves alone.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("ssn", re.compile(r"(?<![\d-])\d{3}([- ])\d{2}\1\d{4}(?![\d-])")),
    ("a_number", re.compile(r"(?<!\w)A[-# ]{0,2}\d{3}[- ]?\d{3}[- ]?\d{2,3}(?![\d-])")),
    ("din", re.compile(r"(?<![\w-])\d\d[- ]?[A-Za-z][- ]?\d{4}(?![\w-])")),
    (
        "phone",
        re.compile(
            r"(?<![\w-])(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-]?)\d{3}[ .-]?\d{4}(?![\d-])"
            r"|(?<!\w)\+\d{1,3}(?:[ .-]?\d{2,4}){2,5}(?!\d)"
        ),
    ),
    ("birth", re.compile(rf"\b{_BORN}\b[^.\n]{{0,40}}?({_DATE})", re.IGNORECASE)),
    ("birth", re.compile(rf"({_DATE})[^.\n]{{0,25}}?\b(?:was born|naci[óo])\b", re.IGNORECASE)),
    (
        "street",
        re.compile(
            rf"(?<![\d-])\d{{1,5}}(?:-\d{{1,3}})? (?:[NSEW]\.? |(?:north|south|east|west) )?"
            rf"(?:[^\W\d_][\w'’.-]{{0,20}} |\d{{1,3}}(?:st|nd|rd|th) ){{1,3}}(?:{_STREETS})\b\.?"
            rf"(?:,? ?(?:apt|apartment|unit|#)\.? ?\w{{1,5}})?",
            re.IGNORECASE,
        ),
    ),
    (
        "street",
        re.compile(
            r"\b(?:calle|avenida|carretera|callej[óo]n) [^\W\d_][\w'’ .]{1,30}?,? "
            r"(?:n[úu]m(?:ero|\.)|no\.|#)? ?\d{1,5}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "case",
        re.compile(
            r"\b(?:(?:open|pending|ongoing) (?:case|appeal|charges?|investigation)"
            r"|awaiting (?:trial|sentenc\w+)"
            r"|(?:my|his|her|our|their|the|next) (?:next )?(?:court date|hearing|trial) is"
            r"|(?:case|appeal|trial) is (?:still )?(?:open|pending|next|coming)|out on bail|asylum case"
            r"|caso (?:abierto|pendiente)|esperando (?:juicio|sentencia|la audiencia)"
            r"|(?:la|mi|su|pr[óo]xima) (?:pr[óo]xima )?audiencia es|apelaci[óo]n (?:abierta|pendiente)"
            r"|libre bajo fianza|caso de asilo)\b",
            re.IGNORECASE,
        ),
    ),
)

_WORD = r"[A-ZÁÉÍÓÚÑÜ][a-záéíóúñü’'-]{1,20}"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Officer|Sgt|Sergeant|Lt|Lieutenant|Captain|Capt|Deputy|Warden|Judge|"
    r"Detective|C\.?O|Señor|Señora|Sr|Sra|Oficial|Sargento|Capitán|Juez|Jueza)"
)
_KIN = (
    r"(?:brother|sister|son|daughter|husband|wife|mother|father|cousin|uncle|aunt|nephew|niece|"
    r"friend|neighbou?r|cellmate|celly|bunkie|boyfriend|girlfriend|lawyer|named|called|"
    r"hermano|hermana|hijo|hija|esposo|esposa|primo|prima|tío|tía|amigo|amiga|vecino|vecina|"
    r"compañero|compañera|abogado|abogada|llamado|llamada|llama)"
)
_NAMES = (
    re.compile(rf"\b{_TITLE}\.? {_WORD}(?: {_WORD})?"),
    re.compile(rf"\b{_KIN},? ({_WORD}(?: {_WORD}){{0,2}})"),
    re.compile(rf"\b{_WORD}(?: (?:[A-Z]\.|de|del|la|de la))?(?: {_WORD}){{1,2}}"),
)
# Capital letters that are no person's name, or begin a sentence; in small letters.
_NO_NAMES_TEXT = """
the a an my his her our their your its this that these those when where what who why how i we he she
they it you in on at by for from to with after before during once then there here and but or so if
as not no yes every each some one two three all both even only now today tomorrow yesterday last
next first dear
el la los las un una mi su sus mis nuestro nuestra este esta ese esa cuando donde qué quién cómo yo
nosotros ella ellos en al del de por para con después antes y pero o si no sí cada todo todos hoy
ayer mañana entonces aquí allí
january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday christmas easter thanksgiving mother’s mother's father’s
father's day new year’s year's eve labor memorial independence
york city state island islands sing rikers green haven bedford hills coxsackie upstate county jail
prison correctional facility center centre detention department corrections community united states
america american north south east west queens brooklyn bronx manhattan staten harlem buffalo
rochester syracuse albany utica long hudson valley puerto rico mexico dominican republic santo
domingo el salvador guatemala honduras jamaica haiti supreme court high school middle elementary
university college hospital church street avenue road bus greyhound god lord jesus christ bible holy
mary virgin white house social security english spanish black lives matter covid nueva estados
unidos correccional centro norte sur dios señor semana santa navidad
mom mum dad mama mamá papa papá grandma grandpa abuela abuelo auntie mami papi
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())


def find(text: str, *, known: Collection[str] = ()) -> list[Risk]:
    """Every place that should be asked about, in the order of the text; none overlaps another.

    `known` are names that are no person's: places of the gazetteer.
    """
    taken: list[Risk] = []
    for risk in _all(text, frozenset(word.casefold() for name in known for word in name.split())):
        if all(risk.end <= other.start or other.end <= risk.start for other in taken):
            taken.append(risk)
    return sorted(taken, key=lambda risk: risk.start)


def excerpts(text: str, *, known: Collection[str] = (), most: int = 20) -> list[Excerpt]:
    """The same for a page: the same words once, at most `most` of them, each with its surroundings."""
    seen: dict[tuple[str, str], Excerpt] = {}
    for risk in find(text, known=known):
        hit = text[risk.start : risk.end]
        title, why = WHY[risk.kind]
        before, after = _around(text, risk)
        seen.setdefault((risk.kind, hit), Excerpt(risk.kind, title, why, before, hit, after))
    order = list(WHY)
    return sorted(seen.values(), key=lambda each: order.index(each.kind))[:most]


def _all(text: str, places: frozenset[str]) -> Iterator[Risk]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            group = 1 if kind == "birth" else 0
            yield Risk(kind, match.start(group), match.end(group))
    for pattern in _NAMES:
        for match in pattern.finditer(text):
            yield from _name(match, places)


def _name(match: re.Match[str], places: frozenset[str]) -> Iterator[Risk]:
    """The match without words that begin a sentence or name a place; nothing if nothing is left."""
    group = 1 if match.lastindex else 0
    titled = match.re is _NAMES[0]
    words = list(re.finditer(r"\S+", match[group]))
    while words and words[0][0].casefold() in _NO_NAMES:
        words.pop(0)
    bare = [word[0].casefold().removesuffix("’s").removesuffix("'s") for word in words]
    if not words or any(word in _NO_NAMES for word in bare if len(word) > 3):
        return
    if all(word in places for word in bare):
        return
    alone = len(words) == 1 and match.re is _NAMES[2]
    if alone or (titled and len(words) < 2):
        return
    start = match.start(group)
    yield Risk("name", start + words[0].start(), start + words[-1].end())


AROUND = 40  # characters on each side of a hit


def _around(text: str, risk: Risk) -> tuple[str, str]:
    before = " ".join(text[max(0, risk.start - AROUND) : risk.start].split(" "))
    after = text[risk.end : risk.end + AROUND]
    if risk.start > AROUND:
        before = "…" + before.partition(" ")[2]
    if risk.end + AROUND < len(text):
        after = after.rpartition(" ")[0] + "…"
    return before, after
