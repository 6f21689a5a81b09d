"""What could hurt somebody is found where it stands, and ordinary prose is left in peace."""

from __future__ import annotations

import itertools

import pytest

from archive import gazetteer, riskfinder
from archive.riskfinder import WHY, excerpts, find
from tests import factories

FOUND = {
    "ssn": ["My number is 123-45-6789.", "SSN 123 45 6789"],
    "a_number": ["His A-number is A205123456.", "A 205 123 456", "A# 205-123-456"],
    "din": ["They called me 94A1234 for years.", "DIN 07-B-2210", "el número 15r0042"],
    "email": ["Write to denise.carter+bus@example.org", "a@b.co"],
    "phone": [
        "Call (718) 555-0142 at night.", "718-555-0142", "+1 718 555 0142", "7185550142",
        "+52 55 1234 5678",
    ],
    "street": [
        "We lived at 117-20 Liberty Avenue, Apt 4B.", "12 West 125th Street", "9 Elm St.",
        "en la Calle Hidalgo 45", "Avenida Juárez núm. 120",
    ],
    "birth": [
        "She was born on March 3, 1984.", "DOB: 03/12/1984", "mi cumpleaños, 12/03/84",
        "Nació el 3 de marzo de 1984.", "March 3, 1984, the day he was born",
    ],
    "case": [
        "My appeal is still pending.", "He is out on bail.", "They are awaiting trial.",
        "Tiene un caso abierto.", "My court date is Monday.", "libre bajo fianza",
    ],
    "name": [
        "Then Maria Gonzalez called.", "Officer Brown hit him.", "my cellmate Marcus sang",
        "mi esposo José Luis Pérez", "Mr. Whitfield", "Clinton Jones was there.",
        "a man named Tyrell",
    ],
}  # fmt: skip
LEFT_ALONE = [
    "The bus leaves Queens at four in the morning.",
    "I was at Green Haven Correctional Facility in 1994, then at Sing Sing.",
    "On March 3, 1999 we moved to New York City. It cost 1200 dollars.",
    "On Christmas Day my mother cooked. In January we had nothing.",
    "Room 1204, cell 3-12, 25 years to life, 12:30, 1990-2004, $1,250.00",
    "Bedford Hills is in Westchester County. Mi abuela vivía en Puerto Rico.",
    "He said: Stay. I said: No. The Department of Corrections wrote back.",
    "We drove past Elmira and Attica. Nobody spoke.",
]


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, ts in FOUND.items() for t in ts])
def test_it_is_found_where_it_stands(kind: str, text: str) -> None:
    found = find(text, known=gazetteer.names())
    assert [risk.kind for risk in found] == [kind], [text[r.start : r.end] for r in found]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_prose_is_left_in_peace(text: str) -> None:
    found = find(text, known=gazetteer.names())
    assert not found, [(risk.kind, text[risk.start : risk.end]) for risk in found]


def test_every_kind_is_tried_and_says_what_can_follow() -> None:
    assert set(FOUND) == set(WHY)
    for title, why in WHY.values():
        assert str(title)
        assert str(why).endswith((".", "?"))


def test_places_do_not_overlap_and_come_in_order() -> None:
    text = " ".join(each for texts in FOUND.values() for each in texts) * 3
    found = find(text)
    for one, other in itertools.pairwise(found):
        assert one.end <= other.start


def test_the_same_words_are_asked_about_once_with_their_surroundings() -> None:
    [one] = excerpts("I met Maria Gonzalez. " + "And then it rained. " * 9 + "Maria Gonzalez left.")
    assert (one.before, one.hit) == ("I met ", "Maria Gonzalez")
    assert one.after.endswith("…")
    assert factories.BODY not in (one.before, one.after)


def test_a_very_long_text_is_read_in_reasonable_steps() -> None:
    """Nothing in it is quadratic: ten times the text finds ten times the places."""
    text = "Call 718-555-0142, said Ana Ruiz. aaaa 12 bbbb cccc dddd. "
    assert len(find(text * 200)) == 400
    assert riskfinder.find("1 " * 50_000) == []
    assert riskfinder.find("Aa " * 5_000 + "x" * 50_000) is not None
