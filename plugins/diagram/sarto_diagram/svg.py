"""SVG as text: elements, with everything that a person wrote in them escaped."""

from __future__ import annotations

from html import escape

from .text import printable

__all__ = ["element", "escaped", "path", "text_at"]


def escaped(text: str) -> str:
    """The text as the content of an element."""
    return escape(printable(text), quote=False)


def element(name: str, *content: str, **attributes: str | int) -> str:
    """An element around ``content``, which is markup already: one child on a line.

    Attributes are escaped here; ``class_`` gives ``class``, other ``_`` in their names give ``-``.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(printable(str(value)))}"' for key, value in attributes.items()
    )
    inside = "\n".join(filter(None, content)) if name not in _INLINE else "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


_INLINE = ("text", "title", "desc")


def path(class_: str, commands: str) -> str:
    """A path of one style."""
    return element("path", class_=class_, d=commands)


def text_at(x: int, y: int, content: str, class_: str = "") -> str:
    """A line of text that begins at ``x`` on the base line ``y``."""
    return element("text", escaped(content), **({"class_": class_} if class_ else {}), x=x, y=y)
