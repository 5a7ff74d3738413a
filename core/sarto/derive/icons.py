"""Icons in the sizes that are wanted, from one PNG (Portable Network Graphics, third edition, W3C 2025)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from .pictures import PNG, PictureFault

__all__ = ["BIGGEST", "sized_icons"]

BIGGEST = 512
"""Pixels in each direction of an icon that others are made from: larger ones would take seconds."""
CHANNELS = MappingProxyType({0: 1, 2: 3, 3: 1, 4: 2, 6: 4})
"""How many samples a pixel has, by PNG's colour type."""
PALETTE = 3
Row = list[tuple[float, float, float, float]]
"""Red, green and blue, each times alpha, and alpha."""


@lru_cache(maxsize=64)
def sized_icons(content: bytes, sizes: Sequence[int]) -> Mapping[int, bytes]:
    """A square PNG for each of the sizes, which are no larger than it is: the average of the pixels that each covers.

    Of the size that it has, it is as it was. Raises :class:`~.pictures.PictureFault` where it cannot be read: it has
    at most eight bits for each channel, is not interlaced, and has at most 512 pixels in a direction.
    """
    rows: list[Row] | None = None
    found: dict[int, bytes] = {}
    for size in sizes:
        if struct.unpack(">I", content[16:20])[0] == size:
            found[size] = content
        else:
            rows = rows or _pixels(content)
            found[size] = _written(_across(_transposed(_across(_transposed(rows), size)), size))
    return found


def _pixels(content: bytes) -> list[Row]:
    try:
        chunks = dict(_chunks(content))
        width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        if depth > 8 or interlaced or kind not in CHANNELS or max(width, height) > BIGGEST:
            hint = f"save it with 8 bits for each channel, not interlaced, of at most {BIGGEST} x {BIGGEST} pixels"
            raise PictureFault("smaller icons cannot be made from this PNG", hint)
        channels = CHANNELS[kind]
        length = -(-width * channels * depth // 8)
        unpacked = zlib.decompressobj().decompress(chunks[b"IDAT"], height * (length + 1))
        rows = (_spread(row, depth, width * channels) for row in _unfiltered(unpacked, height, length, channels))
        colours = _Colours(kind, depth, chunks.get(b"PLTE", b""), chunks.get(b"tRNS", b""))
        return [[colours(row[at : at + channels]) for at in range(0, len(row), channels)] for row in rows]
    except (struct.error, zlib.error, KeyError, IndexError, ValueError):
        raise PictureFault("this picture is damaged", "save it again") from None


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk by its name; what is in several of one name is joined."""
    place, joined = len(PNG), dict[bytes, bytes]()
    while place < len(content):
        length, name = struct.unpack(">I4s", content[place : place + 8])
        joined[name] = joined.get(name, b"") + content[place + 8 : place + 8 + length]
        place += length + 12
    yield from joined.items()


def _spread(row: bytes, depth: int, samples: int) -> bytes:
    """A byte for each sample of a row that has several in one byte (section 7.2)."""
    if depth == 8:
        return row
    each = 8 // depth
    return bytes(row[at // each] >> (8 - depth * (at % each + 1)) & (1 << depth) - 1 for at in range(samples))


def _unfiltered(unpacked: bytes, height: int, length: int, channels: int) -> Iterator[bytes]:
    """The rows, ``length`` bytes each, without their filters (section 9)."""
    if len(unpacked) != height * (length + 1):
        raise ValueError("too short")
    above = bytearray(length)
    for start in range(0, len(unpacked), length + 1):
        kind, row = unpacked[start], bytearray(unpacked[start + 1 : start + 1 + length])
        if kind > 4:
            raise ValueError("unknown filter")
        for at in range(length) if kind else ():
            left, up = (row[at - channels] if at >= channels else 0), above[at]
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = up
            elif kind == 3:
                guess = (left + up) // 2
            else:
                guess = _paeth(left, up, above[at - channels] if at >= channels else 0)
            row[at] = row[at] + guess & 0xFF
        yield bytes(row)
        above = row


def _paeth(left: int, up: int, corner: int) -> int:
    """The nearest of the three to ``left + up - corner`` (Paeth, 1991)."""
    to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if to_left <= to_up and to_left <= to_corner:
        return left
    return up if to_up <= to_corner else corner


class _Colours:
    """What a pixel's bytes mean in one picture; each colour is worked out once."""

    def __init__(self, kind: int, depth: int, palette: bytes, clear: bytes) -> None:
        self.kind = kind
        self.whitest = (1 << depth) - 1
        self.palette = palette
        self.clear = clear
        self.known: dict[bytes, tuple[float, float, float, float]] = {}

    def __call__(self, pixel: bytes) -> tuple[float, float, float, float]:
        if pixel not in self.known:
            red, green, blue, alpha = self._of(pixel)
            self.known[pixel] = (red * alpha / 255, green * alpha / 255, blue * alpha / 255, float(alpha))
        return self.known[pixel]

    def _of(self, pixel: bytes) -> tuple[int, int, int, int]:
        if self.kind == PALETTE:
            at = pixel[0]
            red, green, blue = self.palette[3 * at : 3 * at + 3]
            return red, green, blue, self.clear[at] if at < len(self.clear) else 255
        if self.kind in (0, 4):
            grey = pixel[0] * 255 // self.whitest
            alpha = pixel[1] if self.kind == 4 else 0 if self.clear[1:2] == pixel else 255
            return grey, grey, grey, alpha
        alpha = pixel[3] if len(pixel) == 4 else 0 if self.clear[1::2] == pixel else 255
        return pixel[0], pixel[1], pixel[2], alpha


def _across(rows: Sequence[Row], size: int) -> list[Row]:
    """The rows, each with ``size`` pixels, which average those that they cover."""
    width = len(rows[0])
    spans = [_span(at, width / size) for at in range(size)]
    return [[_average(row[first : first + len(weights)], weights) for first, weights in spans] for row in rows]


def _span(at: int, step: float) -> tuple[int, tuple[float, ...]]:
    """The first pixel that a pixel covers, and how much of it and of each further one, together 1."""
    begin, end = at * step, (at + 1) * step
    first, last = int(begin), max(int(begin), int(-(-end // 1)) - 1)
    shares = [min(end, each + 1) - max(begin, each) for each in range(first, last + 1)]
    return first, tuple(share / step for share in shares)


def _average(pixels: Row, weights: Sequence[float]) -> tuple[float, float, float, float]:
    red = green = blue = alpha = 0.0
    for pixel, weight in zip(pixels, weights, strict=False):
        red += pixel[0] * weight
        green += pixel[1] * weight
        blue += pixel[2] * weight
        alpha += pixel[3] * weight
    return red, green, blue, alpha


def _transposed(rows: Sequence[Row]) -> list[Row]:
    return [list(column) for column in zip(*rows, strict=True)]


def _written(rows: Sequence[Row]) -> bytes:
    """A PNG of eight bits for red, green, blue and alpha, the same bytes for the same pixels."""
    lines = b"".join(b"\0" + b"".join(map(_bytes_of, row)) for row in rows)
    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return PNG + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _bytes_of(pixel: tuple[float, float, float, float]) -> bytes:
    alpha = round(pixel[3])
    channels = (min(255, round(channel * 255 / pixel[3])) for channel in pixel[:3]) if alpha else (0, 0, 0)
    return bytes((*channels, alpha))
