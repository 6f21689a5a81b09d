"""Invented stories for the search tests: a handful written for what they test, and any number drawn
by lot. Plain functions and values; no database."""

from __future__ import annotations

import random

from search.document import Document

# Each story is here for a reason; the comment says which.
STORIES = (
    Document(
        key="rosa",  # the exact word "visits", a year span, a place with its ancestors
        title="Family visits on Sunday",
        summary="The bus leaves at four.",
        body="Our family visits began at four in the morning. The bus was cold.",
        byline="Rosa Delgado",
        places=("attica", "wyoming-county", "new-york"),
        place_text="Attica Attica Prison",
        themes=("family-visits",),
        theme_text="Family visits Visitas familiares",
        year_from=1994,
        year_to=1996,
        published=730010,
    ),
    Document(
        key="box",  # says "the box" and never "solitary"
        title="Twenty-three hours",
        body="They put him in the box for ninety days. Nobody told me. To be or not to be, he wrote.",
        byline="Marcus",
        places=("elmira", "chemung-county", "new-york"),
        place_text="Elmira",
        themes=("solitary",),
        theme_text="Isolation",
        content_notes=("violence",),
        year_from=1999,
        year_to=2001,
        published=730020,
    ),
    Document(
        key="solitary",  # says "solitary", in the text only
        title="My brother's letters",
        body="My brother wrote from solitary every week. My son asked where his uncle was.",
        byline="Dolores O’Neil",
        themes=("letters", "solitary"),
        theme_text="Letters Cartas",
        content_notes=("suicide",),
        year_from=2005,
        published=730030,
    ),
    Document(
        key="commissary",  # one side of a translated pair
        group="commissary",
        title="What the commissary costs",
        body="A phone call cost more than the soup. The commissary took the rest.",
        themes=("money",),
        theme_text="Money Dinero",
        published=730040,
    ),
    Document(
        key="economato",  # its translation
        group="commissary",
        language="es",
        title="Lo que cuesta el economato",
        body="Una llamada costaba más que la sopa. El economato se llevaba el resto.",
        themes=("money",),
        theme_text="Money Dinero",
        published=730041,
    ),
    Document(
        key="year",  # año with its tilde
        language="es",
        title="El primer año",
        body="El primer año visitamos la prisión cada semana. Mi hijo aprendió a leer allí.",
        byline="Ana María Núñez",
        published=730050,
    ),
    Document(
        key="ano",  # ano without
        language="es",
        title="El primer ano",
        body="El primer ano visitamos la carcel cada semana. Mi hijo escribe ahora.",
        kind="photo_project",
        published=730050,
    ),
    Document(
        key="visiting",  # inflections of visit, never the exact word
        title="Waiting rooms",
        body="Visiting means waiting. We visited every Sunday and the waiting never ended.",
        places=("attica", "wyoming-county", "new-york"),
        place_text="Attica Attica Prison",
        year_to=1988,
        published=730060,
    ),
    Document(key="twin-b", title="Same words", body="Same words exactly.", published=730001),
    Document(key="twin-a", title="Same words", body="Same words exactly.", published=730001),
    Document(key="twin-new", title="Same words", body="Same words exactly.", published=730002),
)

_WORDS = (  # noqa: SIM905
    "visit visits visited visiting letter letters bus box prison prisons prisión prision año ano "
    "años carta cartas hermano brother brothers son hijo the of de la la caja solitary aislamiento "
    "phone call calls llamada soup cold winter summer verano invierno mother madre waiting wait"
).split(" ")
_THEMES = ("letters", "money", "solitary", "family-visits", "work")
_PLACES = ("attica", "elmira", "auburn", "coxsackie")


def drawn(count: int, seed: int) -> list[Document]:
    """Stories drawn by lot, always the same for a seed; one in five has a translation."""
    lot = random.Random(seed)
    found: list[Document] = []
    for number in range(count):
        key = f"s{number:04d}"
        first = _drawn_one(lot, key, key)
        found.append(first)
        if lot.random() < 0.2:
            other = "es" if first.language == "en" else "en"
            found.append(_drawn_one(lot, f"t{number:04d}", key, other))
    return found


def _drawn_one(lot: random.Random, key: str, group: str, language: str = "") -> Document:
    year = lot.randint(1970, 2020)
    place = lot.choice(_PLACES)
    return Document(
        key=key,
        group=group,
        kind=lot.choice(("story", "story", "photo_project")),
        language=language or lot.choice(("en", "en", "es", "fr")),
        title=_text(lot, 3),
        summary=_text(lot, lot.randint(0, 6)),
        body="\n\n".join(
            [_text(lot, lot.randint(5, 40))] * 2
        ),  # beyond 40 words, lengths are rounded
        byline=lot.choice(("Ana María", "Marcus", "")),
        places=(place, "new-york"),
        place_text=place.title(),
        themes=tuple(lot.sample(_THEMES, lot.randint(0, 3))),
        theme_text=_text(lot, 2),
        year_from=year if lot.random() < 0.8 else None,
        year_to=year + lot.randint(0, 12) if lot.random() < 0.7 else None,
        content_notes=tuple(lot.sample(("violence", "suicide"), lot.randint(0, 1))),
        published=730000 + lot.randint(0, 30),
        fingerprint=f"print-{key}",
    )


def _text(lot: random.Random, length: int) -> str:
    return " ".join(lot.choice(_WORDS) for _ in range(length)).capitalize()
