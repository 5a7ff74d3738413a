"""The page of features as text: HTML without scripts, in the reader's language, every word of the build escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from .build import Build
from .features_rows import foreign, items, link, pairs, row, sentences
from .look import text_of, wider
from .standing import Scene, becomes, lag_text, news
from .switching import Refusal
from .words import Words

__all__ = ["features_page", "policy", "preview_page", "problem_page", "style"]

FEW = 12
"""Features that need no filter."""

STYLE = """
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1b1b; --soft: #555555; --link: #0b4fb3 }
@media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #f0f0f0; --soft: #b8b8b8; --link: #9cc4ff } }
body { margin: 0 auto; max-width: 44rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif }
body { background: var(--paper); color: var(--ink); overflow-wrap: anywhere }
h1 { border-left: .4rem solid BRAND; padding-left: .8rem }
h2 { font-size: 1.25rem; margin: 2rem 0 .75rem }
h3 { font-size: 1.05rem; margin: .25rem 0 }
article { border: 1px solid var(--soft); border-left: .3rem solid var(--soft); border-radius: .4rem }
article { padding: .5rem .9rem; margin: .75rem 0 }
article.on { border-left-color: var(--link) }
article p, article ul { margin: .25rem 0 }
.why { color: var(--soft) }
a { color: var(--link) }
a, button { display: inline-block; padding: .4rem 0; max-width: 100%; text-align: start }
button { font: inherit; padding: .4rem 1rem; color: var(--paper); background: var(--link); border: 2px solid }
form[role="search"] { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center }
input { font: inherit; padding: .4rem .6rem; min-width: 0; flex: 1 1 12rem }
input { color: var(--ink); background: var(--paper); border: 1px solid var(--soft) }
[role="status"], [role="alert"] { border-left: .3rem solid var(--link); padding-left: .8rem }
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


def features_page(scene: Scene, words: Words, switched: Sequence[str], sought: str = "") -> str:
    """Every feature that ``sought`` is in, the user's own first; of the ``switched`` ones what they now are."""
    listed = [name for name in scene.build.features if name not in scene.build.unlisted]
    shown = [name for name in listed if _is_found(scene, name, sought)]
    numbers = {name: number for number, name in enumerate(shown)}
    rows = {
        group: "".join(
            row(scene, words, name, numbers[name], sought)
            for name in _ordered(scene, shown)
            if scene.group(name) == group
        )
        for group in ("yours", "fixed", "missing")
    }
    if not any(scene.group(name) == "yours" for name in listed):
        rows["yours"] = f"<p>{escape(words.say('none_open'))}</p>"
    if rows["missing"]:
        rows["missing"] = f"<p>{escape(words.say('ask'))}</p>{rows['missing']}"
    sections = "".join(_section(words, group, rows[group]) for group in rows if rows[group])
    filtering = _filter(words, sought, len(shown), len(listed)) if sought or len(listed) > FEW else ""
    body = f"{_done(scene, words, switched)}{_running(scene, words)}{filtering}{sections}"
    return _page(scene.build, words, words.say("features"), body)


def _ordered(scene: Scene, shown: Sequence[str]) -> list[str]:
    """Open features in the order in which the build has them open, before the rest in the order of the tree."""
    kept = set(shown)
    return [name for name in scene.build.open if name in kept] + [
        name for name in shown if name not in scene.build.open
    ]


def _is_found(scene: Scene, name: str, sought: str) -> bool:
    text = f"{name}\n{scene.build.features[name].summary}".casefold()
    return all(word in text for word in sought.casefold().split())


def _section(words: Words, group: str, body: str) -> str:
    return f'<section aria-labelledby="{group}"><h2 id="{group}">{escape(words.say(group))}</h2>{body}</section>'


def _done(scene: Scene, words: Words, switched: Sequence[str]) -> str:
    """What the features that were just switched are from when on, and in which processes they are so now."""
    known = [name for name in switched if name in scene.build.open and name not in scene.build.unlisted]
    told = [text for name in known for text in news(scene, words, name)]
    return f'<div role="status">{items([*map(escape, told)])}</div>' if told else ""


def _running(scene: Scene, words: Words) -> str:
    """Which processes follow, and what they have not taken over and why; left out where nothing could be."""
    lagging = [foreign(*lag_text(lag, words), words) for lag in scene.lags()]
    known = [words.say("process", process=each.process, version=each.version) for each in scene.following]
    if known:
        return _section(words, "running", items([*map(escape, known), *lagging]))
    if any(scene.build.features[name].binding == "run" for name in scene.build.open):
        return _section(words, "running", f"<p>{escape(words.say('no_process'))}</p>")
    return ""


def _filter(words: Words, sought: str, number: int, count: int) -> str:
    found = f'<p role="status">{escape(words.say("found", number=number, all=count))}</p>' if sought else ""
    return (
        f'<form role="search" method="get" action="/"><label for="q">{escape(words.say("find"))}</label>'
        f'<input type="search" id="q" name="q" value="{escape(sought)}" autocomplete="off">'
        f'<button type="submit">{escape(words.say("find_button"))}</button></form>{found}'
    )


def preview_page(
    scene: Scene,
    words: Words,
    wanted: Mapping[str, bool],
    found: Refusal | Mapping[str, bool],
    secret: str,
    sought: str = "",
) -> str:
    """What would follow from ``wanted`` (every feature that changes, or the refusal), and the form that does it."""
    if not isinstance(found, Refusal):
        changes = items([escape(becomes(scene.build, words, name, value)) for name, value in found.items()])
        nothing = f"<p>{escape(words.say('nothing'))}</p>"
        body = f"<h2>{escape(words.say('follows'))}</h2>{changes or nothing}{_form(words, wanted, secret, sought)}"
    else:
        body = f"<h2>{escape(refused(words, wanted))}</h2>{sentences(found.sentences, words)}"
        if found.repair:
            with_it = items([escape(words.named({name: on})) for name, on in found.repair.items()])
            way = link({**wanted, **found.repair}, sought)
            body += f"<h2>{escape(words.say('together'))}</h2>{with_it}"
            body += f'<p><a href="{way}">{escape(words.say("see_all"))}</a></p>'
    title = words.say("title_switch", named=words.named(wanted))
    return _page(scene.build, words, title, f"{body}{_back(words, 'back', sought)}")


def problem_page(build: Build, words: Words, title: str, own: str, found: Sequence[str]) -> str:
    """What could not be done (what the page itself says of it, then the build's sentences), and the way back."""
    said = f"<p>{escape(own)}</p>" if own else ""
    body = f'<div role="alert">{said}{sentences(found, words)}</div>{_back(words, "back_to", "")}'
    return _page(build, words, title, body)


def refused(words: Words, wanted: Mapping[str, bool]) -> str:
    """The sentence that the rules' own sentences follow."""
    return words.say("refused", named=words.named(wanted))


def _back(words: Words, key: str, sought: str) -> str:
    way = f"/?{urlencode({'q': sought})}" if sought else "/"
    return f'<p><a href="{escape(way)}">{escape(words.say(key))}</a></p>'


def _form(words: Words, wanted: Mapping[str, bool], secret: str, sought: str) -> str:
    fields = "".join(
        f'<input type="hidden" name="{key}" value="{escape(value)}">'
        for key, value in [("secret", secret), *pairs(wanted, sought)]
    )
    label = escape(words.say("do_switch", named=words.named(wanted)))
    return f'<form method="post" action="/switch">{fields}<button type="submit">{label}</button></form>'


def _page(build: Build, words: Words, title: str, body: str) -> str:
    name, language = _name(build, words)
    lang = "" if language == words.language else f' lang="{escape(language)}"'
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(words.tag)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – {escape(name)}</title><style>{style(build)}</style></head>"
        f"<body><header><p{lang}>{escape(name)}</p></header><main><h1>{escape(title)}</h1>{body}</main></body></html>\n"
    )


def _name(build: Build, words: Words) -> tuple[str, str]:
    """What the product is called in the reader's language, and in which language that is."""
    if not build.brand.get("name"):
        return build.name, words.language
    texts = {language.lower() for language in build.look.texts.get("name", ())}
    name = text_of(build.brand, build.look, "name", [words.tag])
    is_own = not texts or any(each in texts for each in wider([words.tag]))
    return name, words.language if is_own else build.look.languages[0]
