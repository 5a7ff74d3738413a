"""One HTML file in which a line can be configured without any server."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from ..line import OfferedLine
from .bundling import bundled
from .files import assets, styles, texts
from .inside import line_inside
from .look import look_of
from .showing import LANGUAGES, frame

__all__ = ["standalone"]


def standalone(line: OfferedLine) -> str:
    """The file. It fetches nothing, and runs no script but its own, which its policy names by hash.

    Raises SartoError where the line is more than a page should work out.
    """
    description = line.line.description
    look = look_of(description)
    context = {
        "page": "room",
        "title": description.name,
        "brand": look.brand,
        "colour": look.colour,
        "languages": dict(LANGUAGES),
        "texts": {language: dict(texts(language)) for language in LANGUAGES},
    }
    script = "\n" + bundled(_modules(), "main.js") + "\n"
    style = "\n" + "\n".join(assets()[path].body.decode() for path in styles()) + "\n"
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return frame(
        "standalone.html", language="en", title=description.name, policy=policy, style=style, script=script,
        data=context, model=line_inside(line), messages=texts("en"),
    )  # fmt: skip


def _modules() -> dict[str, str]:
    prefix = "scripts/"
    return {
        path.removeprefix(prefix): asset.body.decode() for path, asset in assets().items() if path.startswith(prefix)
    }


def _hash(text: str) -> str:
    """A source of a Content-Security-Policy (CSP Level 3): what has this hash may run."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
