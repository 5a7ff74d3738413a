"""Pictures: what a file is by its bytes, how large it is, and what keeps one out of a brand."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from .svg import SvgFault, read_svg

__all__ = ["Picture", "PictureFault", "picture_of"]

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Markers of JPEG after which the size stands."""
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers of JPEG without anything behind them."""
WIDEST = 8192
"""Pixels in each direction: a browser that shows more takes gigabytes."""
SUFFIXES = {".svg": "svg", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}


class PictureFault(Exception):
    """Why a file is no picture for a brand, and a hint."""

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its kind (``svg``, ``png``, ``jpeg``, ``webp``) and its size in pixels; 0 where an SVG tells none."""

    kind: str
    width: int
    height: int


def picture_of(content: bytes, suffix: str) -> Picture:
    """What the file is by its bytes. Raises :class:`PictureFault`.

    Its ``suffix`` has to say the same, no picture has more than 8192 pixels in a direction, and an SVG has nothing that
    runs or that comes from elsewhere (:mod:`.svg`).
    """
    picture = _read(content)
    said = SUFFIXES.get(suffix.lower())
    if said != picture.kind:
        named = f"named '{suffix}'" if suffix else "without a suffix"
        hint = f"give its name the suffix '.{'jpg' if picture.kind == 'jpeg' else picture.kind}'"
        raise PictureFault(f"this is a picture of the kind {picture.kind}, and is {named}", hint)
    if max(picture.width, picture.height) > WIDEST:
        size = f"{picture.width} x {picture.height}"
        raise PictureFault(f"this picture has {size} pixels, and none has more than {WIDEST} in a direction")
    return picture


def _read(content: bytes) -> Picture:
    try:
        if content.startswith(PNG):
            return Picture("png", *_png_size(content))
        if content.startswith(JPEG):
            return Picture("jpeg", *_jpeg_size(content))
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return Picture("webp", *_webp_size(content))
    except (struct.error, IndexError, ValueError):
        raise PictureFault("this picture is damaged", "save it again") from None
    try:
        return Picture("svg", *read_svg(content))
    except SvgFault as fault:
        if fault.is_no_svg:
            raise PictureFault("this is no picture", "take an SVG, PNG, JPEG or WebP") from None
        raise PictureFault(fault.what, fault.hint) from None


def _png_size(content: bytes) -> tuple[int, int]:
    length, name, width, height = struct.unpack(">I4sII", content[8:24])
    if (length, name) != (13, b"IHDR") or not width or not height or b"IEND" not in content[-12:]:
        raise ValueError
    return width, height


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """The size in the header of the first frame (ITU T.81, B.2.2)."""
    place = 2
    while True:
        if content[place] != 0xFF:
            raise ValueError
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
        elif marker in JPEG_ALONE:
            place += 2
        elif marker in JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return width, height
        else:
            place += 2 + max(2, struct.unpack(">H", content[place + 2 : place + 4])[0])


def _webp_size(content: bytes) -> tuple[int, int]:
    """The size in the first chunk (RFC 9649, 2.5 to 2.7)."""
    name, body = content[12:16], content[20:30]
    if struct.unpack("<I", content[4:8])[0] + 8 > len(content) + 1 or len(body) < 10:
        raise ValueError
    match name:
        case b"VP8X":
            return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
        case b"VP8L" if body[0] == 0x2F:
            bits = int.from_bytes(body[1:5], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 " if body[3:6] == b"\x9d\x01\x2a":
            width, height = struct.unpack("<HH", body[6:10])
            return width & 0x3FFF, height & 0x3FFF
    raise ValueError
