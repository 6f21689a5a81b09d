"""Draws the card that stands for a story where a link to it is shown: title, byline, archive.

Owns its look. Pure: words in, PNG bytes out; no photograph is opened and no row is read. Called
through `media.photos.card`. Writes with a serif of the machine where there is one, and otherwise
with Pillow's own face, whose missing accents it sets itself.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1200, 630  # what those who show links ask for
_EDGE, _FOOT = 84, 104
_PAPER, _INK, _SOFT, _MADDER = "#faf6ee", "#221b17", "#564b43", "#8c2830"
_SIZES = (92, 78, 66, 56, 48)  # of the title, the largest that fits
_LINES = 4
_COLOURS = 48  # enough for soft edges in four inks
# Looked for by name wherever this machine keeps its fonts.
_SERIFS = ("NotoSerif-SemiBold.ttf", "NotoSerif-Bold.ttf", "DejaVuSerif-Bold.ttf", "georgiab.ttf")

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def draw(title: str, byline: str, archive_name: str) -> bytes:
    """A PNG of `WIDTH` by `HEIGHT`; the same words give the same card on the same machine.

    Words in a script that no font at hand can write are left out rather than shown as boxes.
    """
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, 14, HEIGHT), fill=_MADDER)
    font, lines = _set(title)
    top = _EDGE - 12
    for line in lines:
        _write(pen, (_EDGE, top), line, font, _INK)
        top += round(_height(font) * 1.16)
    foot = HEIGHT - _FOOT
    pen.line((_EDGE, foot - 28, WIDTH - _EDGE, foot - 28), fill=_SOFT, width=1)
    small = _face(34)
    name = _writable(archive_name, small)
    room = WIDTH - 2 * _EDGE - _length(name, small) - 60
    _write(pen, (_EDGE, foot), _cut(_writable(byline, small), small, room), small, _SOFT)
    _write(pen, (WIDTH - _EDGE - _length(name, small), foot), name, small, _MADDER)
    kept = io.BytesIO()
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()


# --- setting --------------------------------------------------------------------------------------


def _set(title: str) -> tuple[Font, list[str]]:
    """The largest size at which the title fits, and its lines; the last may end in an ellipsis."""
    words = _writable(title, _face(_SIZES[-1])).split()
    for size in _SIZES:
        font = _face(size)
        lines = _lines(words, font)
        if len(lines) <= _LINES and len(lines) * _height(font) * 1.16 < HEIGHT - _EDGE - _FOOT - 40:
            break
    if len(lines) > _LINES:
        rest = " ".join(lines[_LINES - 1 :])
        lines = [*lines[: _LINES - 1], rest]
    return font, [_cut(line, font, WIDTH - 2 * _EDGE) for line in lines]


def _lines(words: Sequence[str], font: Font) -> list[str]:
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(longer, font) <= WIDTH - 2 * _EDGE:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _cut(line: str, font: Font, room: float) -> str:
    """The line, or as much of it as fits with an ellipsis."""
    if _length(line, font) <= room:
        return line
    while line and _length(f"{line}…", font) > room:
        line = line[:-1].rstrip()
    return f"{line}…"


# --- writing --------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _face(size: int) -> Font:
    for name in _SERIFS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return ImageFont.load_default(size)


@lru_cache(maxsize=4096)
def _has(letter: str, font: Font) -> bool:
    """Whether the font has this letter: a missing one looks like one that nobody has."""
    if letter.isspace():
        return True
    return bytes(font.getmask(letter)) != bytes(font.getmask("\ufffe"))


# Turned or drawn by ourselves where the font lacks them.
_TURNED = {"¿": "?", "¡": "!"}
_DASHES = {"–": 0.5, "—": 0.85}
_ACCENTS = {"\u0300", "\u0301", "\u0302", "\u0303", "\u0308"}


def _parts(letter: str, font: Font) -> tuple[str, str] | None:
    """What a letter is written with: a letter of the font and an accent of ours; None if nothing."""
    if _has(letter, font) or letter in _TURNED or letter in _DASHES:
        return letter, ""
    taken_apart = unicodedata.normalize("NFD", letter)
    base, accent = taken_apart[:1], taken_apart[1:]
    return (base, accent) if accent in _ACCENTS and _has(base, font) else None


def _writable(text: str, font: Font) -> str:
    """The text in one line, or nothing where a letter of it cannot be written."""
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return plain if all(_parts(letter, font) for letter in set(plain)) else ""


def _height(font: Font) -> float:
    return float(getattr(font, "size", 11))


def _length(text: str, font: Font) -> float:
    return sum(_advance(letter, font) for letter in text)


def _advance(letter: str, font: Font) -> float:
    if not _has(letter, font) and letter in _DASHES:
        return (_DASHES[letter] + 0.1) * _height(font)
    base = _TURNED.get(letter, letter) if not _has(letter, font) else letter
    return float(font.getlength((_parts(base, font) or (base, ""))[0]))


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, font: Font, ink: str
) -> None:
    """Letter by letter, so that what the font lacks can be set between the others."""
    across, top = at
    for letter in text:
        base, accent = _parts(letter, font) or ("", "")
        if _has(base, font):
            shown = "ı" if accent and base == "i" and _has("ı", font) else base
            pen.text((across, top), shown, font=font, fill=ink)
        else:
            _make(pen, (across, top), base, font, ink)
        if accent:
            _mark(pen, (across, top), base, accent, font, ink)
        across += _advance(letter, font)


def _make(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], letter: str, font: Font, ink: str
) -> None:
    """A dash as a stroke, an opening mark as the closing one turned upside down."""
    size = _height(font)
    across, top = at
    if letter in _DASHES:
        middle = top + size * 0.72
        ends = (across + size * 0.05, middle, across + size * (_DASHES[letter] + 0.05), middle)
        pen.line(ends, fill=ink, width=max(1, round(size * 0.06)))
        return
    stamp = Image.new("L", (round(font.getlength(_TURNED[letter])), round(size * 1.3)))
    ImageDraw.Draw(stamp).text((0, 0), _TURNED[letter], font=font, fill=255)
    # Turned about its own middle it hangs from the line of small letters, as Spanish sets it.
    where = (round(across), round(top + size * 0.22))
    pen.bitmap(where, stamp.rotate(180), fill=ink)


def _mark(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    base: str,
    accent: str,
    font: Font,
    ink: str,
) -> None:
    """An accent over a letter, from the letter's own outline."""
    size = _height(font)
    left, above, right, _below = pen.textbbox(at, base, font=font)
    middle, foot = (left + right) / 2, above - size * 0.06
    reach, width = size * 0.12, max(2, round(size * 0.07))
    if base == "i":  # its own dot stands where the accent goes
        foot = above
    strokes = {
        "\u0301": [(middle - reach / 2, foot), (middle + reach, foot - reach * 1.3)],
        "\u0300": [(middle + reach / 2, foot), (middle - reach, foot - reach * 1.3)],
        "\u0302": [
            (middle - reach, foot), (middle, foot - reach * 1.2), (middle + reach, foot),
        ],
        "\u0303": [
            (middle - reach * 1.3, foot - reach * 0.3), (middle - reach * 0.5, foot - reach),
            (middle + reach * 0.5, foot - reach * 0.3), (middle + reach * 1.3, foot - reach),
        ],
    }  # fmt: skip
    if accent == "\u0308":
        for side in (-1, 1):
            dot = middle + side * reach * 1.1
            half = width * 0.7
            pen.ellipse((dot - half, foot - 2 * half, dot + half, foot), fill=ink)
        return
    pen.line(strokes[accent], fill=ink, width=width, joint="curve")
