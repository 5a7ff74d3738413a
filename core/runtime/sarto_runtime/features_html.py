"""The page of features as text: HTML without scripts, every word of the build escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from .build import Build
from .errors import ProductError
from .reports import state_word
from .state import State
from .switching import Refusal, judge

__all__ = ["features_page", "policy", "preview_page", "problem_page", "refused", "style"]

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1b; --soft: #555555; --link: #0b4fb3 }
@media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #f0f0f0; --soft: #b8b8b8; --link: #9cc4ff } }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif }
body { background: var(--paper); color: var(--ink) }
h1 { border-left: .4rem solid BRAND; padding-left: .8rem }
article { border-top: 1px solid var(--soft); padding: .5rem 0 }
h2 { font-size: 1.1rem; margin: .5rem 0; overflow-wrap: anywhere }
p, li { overflow-wrap: anywhere }
.why { color: var(--soft) }
a { color: var(--link) }
a, button { display: inline-block; padding: .4rem 0 }
button { font: inherit; padding: .4rem 1rem; color: var(--paper); background: var(--link); border: 2px solid }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px }
"""


def style(build: Build) -> str:
    """The style sheet: the brand's first colour is beside the title, where nothing has to be read on it."""
    colours = (build.brand.get(slot, "") for slot in build.brand if build.look.types.get(slot) == "colour")
    colour = next((each for each in colours if re.fullmatch("#[0-9A-Fa-f]{6}", each)), "var(--soft)")
    return STYLE.replace("BRAND", colour)


def policy(build: Build) -> str:
    """The policy (CSP) under which a browser takes the style sheet and nothing else."""
    known = base64.b64encode(hashlib.sha256(style(build).encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{known}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def features_page(build: Build, state: State, switched: Sequence[str]) -> str:
    """Every open feature with its state, why, and the way to switch it; of the ``switched`` ones what they now are."""
    shown = [name for name in build.open if name not in build.unlisted]
    done = [f"{name}: {state_word(state.features[name])} {_when(build, name)}" for name in switched if name in shown]
    said = f'<div role="status">{_items(done)}</div>' if done else ""
    rows = "".join(_row(build, state, name, number) for number, name in enumerate(shown))
    return _page(build, "Features", said + (rows or "<p>No feature of this product is open to you.</p>"))


def preview_page(build: Build, wanted: Mapping[str, bool], found: Refusal | Mapping[str, bool], secret: str) -> str:
    """What would follow from ``wanted`` (every feature that changes, or the refusal), and the form that does it."""
    if not isinstance(found, Refusal):
        changes = [f"{name}: {state_word(value)} {_when(build, name)}" for name, value in found.items()]
        body = f"<h2>What follows</h2>{_items(changes) or '<p>Nothing changes.</p>'}{_form(wanted, 'Switch', secret)}"
    else:
        body = f"<h2>{escape(refused(wanted))}</h2>{_items(found.sentences)}"
        if found.repair:
            body += "<h2>It would go together with</h2>" + _items(
                [_named({name: on}) for name, on in found.repair.items()]
            )
            body += f'<p><a href="{_link({**wanted, **found.repair})}">See what follows from all of these</a></p>'
    return _page(build, f"Switch {_named(wanted)}?", f'{body}<p><a href="/">Back, and change nothing</a></p>')


def problem_page(build: Build, title: str, sentences: Sequence[str]) -> str:
    """What could not be done, and the way back."""
    return _page(
        build, title, f'<div role="alert">{_items(sentences)}</div><p><a href="/">Back to the features</a></p>'
    )


def refused(wanted: Mapping[str, bool]) -> str:
    """The sentence that the rules' own sentences follow."""
    return f"{_named(wanted)} would break this product's rules:"


def _row(build: Build, state: State, name: str, number: int) -> str:
    feature, to = build.features[name], not state.is_on(name)
    try:
        refusal = judge(build, state, {name: to})
        locked: Sequence[str] = refusal.sentences if refusal else ()
        is_lost = refusal is not None and not refusal.repair
    except ProductError as error:
        locked, is_lost = (str(error),), True
    word = state_word(to)
    link = f'<p><a href="{_link({name: to})}">Switch {escape(name)} {word}…</a></p>'
    apart = f"<p>It cannot be switched {word} {'as things stand' if is_lost else 'by itself'}:</p>{_items(locked)}"
    return (
        f'<article aria-labelledby="feature{number}"><h2 id="feature{number}">{escape(name)}: '
        f"{state_word(state.features[name])}</h2>{f'<p>{escape(feature.summary)}</p>' if feature.summary else ''}"
        f'<p class="why">The build starts with it {state_word(feature.value)}: {escape(feature.reason)}</p>'
        f"{apart if locked else ''}{'' if is_lost else link}</article>"
    )


def _when(build: Build, name: str) -> str:
    sooner = ", sooner where it runs and follows" if build.features[name].binding == "run" else ""
    return f"from the next start{sooner}"


def _named(wanted: Mapping[str, bool]) -> str:
    return ", ".join(f"'{name}' {state_word(value)}" for name, value in wanted.items())


def _pairs(wanted: Mapping[str, bool]) -> list[tuple[str, str]]:
    return [(state_word(value), name) for name, value in wanted.items()]


def _link(wanted: Mapping[str, bool]) -> str:
    return escape(f"/switch?{urlencode(_pairs(wanted))}")


def _form(wanted: Mapping[str, bool], label: str, secret: str) -> str:
    fields = "".join(
        f'<input type="hidden" name="{key}" value="{escape(value)}">'
        for key, value in [("secret", secret), *_pairs(wanted)]
    )
    words = escape(f"{label} {_named(wanted)}")
    return f'<form method="post" action="/switch">{fields}<button type="submit">{words}</button></form>'


def _items(sentences: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in sentences)}</ul>" if sentences else ""


def _page(build: Build, title: str, body: str) -> str:
    name = escape(build.brand.get("name") or build.name)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – {name}</title><style>{style(build)}</style></head>"
        f"<body><header><p>{name}</p></header><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )
