"""What a story is known by, so that others like it can be looked for: telling words, themes, places.

Words are counted when somebody asks and not when a story is entered: a story is entered with every
rebuild and asked for by the few who read it. Called by `search.index.similar` alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator

from search import words
from search.engines.base import Snapshot
from search.plan import Flat, Plan, Token, all_of

READ = 300  # words of a text that are counted
KNOWN_BY = 40  # words: enough to know a story by
ASKED = 12  # of these, the rarest, are looked for
# What a shared theme or place is worth, beside the score of a shared word, which is 1 to 8.
KINSHIP = {"theme": 4.0, "place": 2.0}

Told = tuple[str, str]  # a text and the code of its language


def likeness(snapshot: Snapshot, own: Token, texts: Iterable[Told]) -> list[Plan]:
    """What entries like this one hold: the rarest of the words that its texts use most, and the
    themes and places of the entry that `own` names, where the index has it."""
    size, _ = snapshot.tally(all_of([], []), ())
    known_by = _gist(texts)
    weighed = []
    for place, token in enumerate(known_by):
        shared = snapshot.frequency(token.field, token.text)
        if shared > 1:
            rarity = math.log(1 + size / shared) / (1 + place / len(known_by))
            weighed.append((-rarity, token.field, token.text))
    parts: list[Plan] = [Token(field, text) for _, field, text in sorted(weighed)[:ASKED]]
    _, kin = snapshot.tally(own, KINSHIP)
    parts.extend(Flat(Token(name, value), KINSHIP[name]) for name in KINSHIP for value in kin[name])
    return parts


def _gist(texts: Iterable[Told]) -> list[Token]:
    """The words that say something, most frequent first."""
    counts = sorted((-count, field, word) for each in texts for count, field, word in _count(*each))
    return [Token(field, word) for _, field, word in counts[:KNOWN_BY]]


def _count(text: str, language: str) -> Iterator[tuple[int, str, str]]:
    """(count, field, word) of what the beginning of a text uses, more than once where it is long."""
    code = words.base(language)
    field = f"stems_{code}" if code in words.LANGUAGES else f"words_{code}"
    read = [words.stem(word, code) for word in words.tokens(text)[:READ]]
    least = 2 if len(read) >= READ // 2 else 1
    for word, count in Counter(read).items():
        if count >= least and len(word) > 2 and word not in words.LIGHT:
            yield count, field, word
