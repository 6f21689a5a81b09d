"""Every file below a folder, as it lies and unpacked: for tests that look for what must not be there."""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below, logs among them, by its name: as it lies, and unpacked where it is packed."""
    for path in sorted(folder.rglob("*")):
        with suppress(FileNotFoundError):  # gone between the look and the reading
            if path.is_file():
                data = path.read_bytes()
                yield str(path.relative_to(folder)), path.name.encode() + b"\n" + data
                yield f"{path.name}, unpacked", b"\n".join(unpacked(data))


def unpacked(data: bytes) -> Iterator[bytes]:
    """What compressed parts of a file hold: gzip, zlib, and the blocks of the index's own store."""
    for found in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", data):
        with suppress(OSError, EOFError, zlib.error):
            if found[0][0] == 0x1F:
                yield gzip.decompress(data[found.start() :])
            else:
                yield zlib.decompressobj().decompress(data[found.start() :])
    at = 0
    while at + 4 < len(data):
        [size] = struct.unpack_from("<I", data, at)
        if not 0 < size < 1_000_000:
            return
        block, used = lz4_block(data, at + 4, size)
        if len(block) != size:
            return
        yield block
        at += 4 + used


def lz4_block(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    """One LZ4 block of so many bytes: (what it holds, how long it was); short where it is none."""
    out, begun = bytearray(), at

    def length(short: int) -> int:
        nonlocal at
        total = short
        while short == 15 and at < len(data):
            total += data[at]
            at += 1
            if data[at - 1] != 255:
                break
        return total

    while at < len(data) and len(out) < size:
        token = data[at]
        at += 1
        literal = length(token >> 4)
        out += data[at : at + literal]
        at += literal
        if len(out) >= size or at + 2 > len(data):
            break
        offset = data[at] | data[at + 1] << 8
        at += 2
        match = length(token & 15) + 4
        if not 0 < offset <= len(out):
            break
        for _ in range(match):
            out.append(out[-offset])
    return bytes(out), at - begun
