"""How text becomes words: the one analysis that documents, queries, snippets and engines share.

Because both engines are fed with these words, they agree by construction; where one stems by
itself, a test holds it to the stems of this module. Owns tokens, folding of accents, stems and the
words too light to be asked for. Pure functions with bounded memory.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import chain

import Stemmer

LANGUAGES = {"en": "english", "es": "spanish"}  # languages with stems of their own
WORD_MAX_CHARACTERS = 64  # longer runs of letters are not words

# A longer run of letters falls into several words, alike in texts and in queries.
_WORD = re.compile(rf"[^\W_]{{1,{WORD_MAX_CHARACTERS}}}")
_POSSESSIVE = re.compile(r"'s\b")
TYPOGRAPHIC = "“”‘—–…"  # what else stands between words of a Latin-1 text
# The same for Latin-1, a byte for each letter: what becomes of it, and what ends a possessive.
_LATIN = [chr(code) for code in range(256)]
_LOWERED = "".join(sign.lower() if sign.isalnum() else " " for sign in _LATIN).encode("latin-1")
_LETTERS_ALIKE = bytes(120 if sign.isalnum() else 32 for sign in _LATIN)
_TOO_LONG = b"x" * (WORD_MAX_CHARACTERS + 1)
_IN_WORDS = "".join(sign for sign in _LATIN if sign.isalnum() or sign == "_").encode("latin-1")
_POSSESSIVE_LATIN = re.compile(rb"'[sS](?![" + _IN_WORDS + rb"])")
_COMBINING = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_NOT_PLAIN = re.compile("[^\x00-\x7f]+")
_CACHE_MAX = 200_000  # words of each language; a full one was measured at 31 MB


def tokens(text: str) -> list[str]:
    """The words of a text, lower case, accents kept.

    A possessive loses its ending and other apostrophes close up: `Attica's` is `attica`, `don't`
    is `dont`, `O’Neil` is `oneil`.
    """
    return spaced(text).split()


def spaced(text: str) -> str:
    """`tokens` of a text with nothing but spaces between them, one or more; quicker than cutting
    and joining: this and what follows run over every word of the archive."""
    if not text.isascii():
        text = text.replace("’", "'")
        for sign in TYPOGRAPHIC:
            text = text.replace(sign, " ")
    try:
        letters = text.encode("latin-1")
    except UnicodeEncodeError:
        return _spaced_plainly(text)
    if b"'" in letters:
        letters = _POSSESSIVE_LATIN.sub(b"", letters).replace(b"'", b"")
    if _TOO_LONG in letters.translate(_LETTERS_ALIKE):
        return _spaced_plainly(text)
    return letters.translate(_LOWERED).decode("latin-1")


def _spaced_plainly(text: str) -> str:
    """The same of any text: the plain road, which says what the quick one must find."""
    text = unicodedata.normalize("NFC", text.lower()).replace("’", "'")
    return " ".join(_WORD.findall(_POSSESSIVE.sub("", text).replace("'", "")))


def fold(word: str) -> str:
    """A token without accents: `año` becomes `ano`."""
    return word if word.isascii() else _fold(word)


@lru_cache(maxsize=_CACHE_MAX // 4)
def _fold(word: str) -> str:
    plain = _COMBINING.sub("", unicodedata.normalize("NFKD", word.translate(_LETTERS)))
    # Compatibility forms may bring back capitals or spaces; one token stays one token.
    return "".join(_WORD.findall(plain.lower()))[:WORD_MAX_CHARACTERS] or word


def fold_all(text: str) -> str:
    """`fold` of each word of a `spaced` text."""
    if text.isascii():
        return text
    plain, others = parted(text)
    return "".join(chain.from_iterable(zip(plain, [*map(fold, others), ""], strict=True)))


def parted(text: str) -> tuple[list[str], list[str]]:
    """The words of a `spaced` text that have other than plain letters, and the text around them:
    what stands before the first, between each two and after the last."""
    plain, others, at = [], [], 0
    while found := _NOT_PLAIN.search(text, at):
        begin = text.rfind(" ", at, found.start()) + 1
        end = text.find(" ", found.end())
        end = len(text) if end < 0 else end
        plain.append(text[at:begin])
        others.append(text[begin:end])
        at = end
    return [*plain, text[at:]], others


class _Stems(dict[str, str]):
    """Stems of one language, remembered. Snowball's stemmer is not thread-safe, hence the lock."""

    def __init__(self, algorithm: str) -> None:
        super().__init__()
        self._stemmer = Stemmer.Stemmer(algorithm, 0)
        self._lock = threading.Lock()

    def __missing__(self, word: str) -> str:
        with self._lock:
            stemmed = fold(self._stemmer.stemWord(word))
        if stemmed == word:
            stemmed = word  # one string in memory for both: half of all words are their own stems
        if len(self) >= _CACHE_MAX:
            self.clear()
        self[word] = stemmed
        return stemmed


_STEMS = {language: _Stems(algorithm) for language, algorithm in LANGUAGES.items()}


def stem(word: str, language: str) -> str:
    """The folded stem of a token; in a language we have no stems for, the folded token."""
    known = _STEMS.get(language)
    return known[word] if known is not None else fold(word)


def stems(text: str, language: str) -> str:
    """`stem` of each word of a `spaced` text, joined by spaces."""
    return " ".join(map(_STEMS[language].__getitem__, text.split()))


def base(language: str) -> str:
    """`en` of `en-US`; `xx` for a language that has no stems of its own here."""
    short = language.lower().partition("-")[0]
    return short if short in LANGUAGES else "xx"


# Words that carry no meaning by themselves in either language, so that asking for all words of a
# question does not ask for `the`. A word that is light in one language and heavy in the other
# (`son`, `sin`, `once`, `has`, `come`) is not in here: a mother writes about her son.
LIGHT = frozenset(  # a list in prose, to be read and amended
    """
    a an the of and or to in on at for with by from as is was are were be been being it its that
    this these those i we they he she you his her their my our your them him us me how what which
    who whom whose when where why did do does had have there than then about into
    el la los las un una unos unas de del al y e o u en con por para que se su sus lo le les es fue
    como cual cuales cuando donde quien quienes cuanto cuantos cuanta cuantas porque
    """.split()  # noqa: SIM905
)


def is_light(word: str) -> bool:
    """Whether a word may be left out of a search for all words; phrases keep theirs."""
    return fold(word) in LIGHT
