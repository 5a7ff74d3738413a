"""The style sheet that puts a look's colour and logo on Datasette's pages."""

from __future__ import annotations

from .look import Look

__all__ = ["ink_on", "stylesheet"]

BARS = "header, footer, .nav-menu-inner"
STATES = ("link", "visited", "hover", "focus", "active")
ANY_LINK = ", ".join(f"a:{state}" for state in STATES)
LINKS = ", ".join(f"{bar} a:{state}" for bar in ("header", "footer") for state in STATES)


def stylesheet(look: Look, logo: str) -> str:
    """The rules for the look; ``logo`` is the logo's address, as it is seen from the style sheet."""
    rules: list[str] = []
    if look.link:
        rules.append(f"{ANY_LINK} {{ color: {look.link} }}")
    if look.colour:
        ink = look.ink or ink_on(look.colour)
        rules += [f"{BARS} {{ background-color: {look.colour}; color: {ink} }}", f"{LINKS} {{ color: {ink} }}"]
    if look.logo:
        place = "content: ''; float: left; width: 2rem; height: 1.5rem; margin-right: 0.6rem"
        rules.append(f"header nav::before {{ {place}; background: url('{logo}') center / contain no-repeat }}")
    return "".join(f"{rule}\n" for rule in rules)


def ink_on(colour: str) -> str:
    """Black or white, whichever is easier to read on a ``#rrggbb`` colour.

    The contrast is that of the Web Content Accessibility Guidelines 2.1.
    """
    red, green, blue = (_linear(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))
    light = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
