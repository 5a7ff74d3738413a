"""The features on the page, each as HTML: what it is, how it stands and why, and how it can be switched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from .errors import ProductError
from .standing import Scene
from .switching import judge
from .words import Words

__all__ = ["foreign", "items", "link", "pairs", "row", "sentences"]


def row(scene: Scene, words: Words, name: str, number: int, sought: str) -> str:
    """One feature; ``sought`` is what the page is filtered by, which its links keep."""
    state, feature = scene.state, scene.build.features[name]
    kind = "on" if state.is_on(name) else "off"
    summary = f"<p{_lang(_summary_language(scene), words)}>{escape(feature.summary)}</p>" if feature.summary else ""
    rest = _switching(scene, words, name, sought) if scene.group(name) == "yours" else _fixed(scene, words, name)
    return (
        f'<article class="{kind}" aria-labelledby="feature{number}"><h3 id="feature{number}">{escape(name)}: '
        f"{escape(words.state(state.features[name]))}</h3>{summary}{rest}</article>"
    )


def _switching(scene: Scene, words: Words, name: str, sought: str) -> str:
    """Why an open feature is as it is, when it changes, what keeps it from that, and the link to do so."""
    to = not scene.state.is_on(name)
    verb = "on" if to else "off"
    try:
        refusal = judge(scene.build, scene.state, {name: to})
        locked: Sequence[str] = refusal.sentences if refusal else ()
        is_lost = refusal is not None and not refusal.repair
    except ProductError as error:
        locked, is_lost = str(error).splitlines(), True
    when = "at_once" if scene.build.features[name].binding == "run" else "next_start"
    never = words.say(f"never_{verb}" if is_lost else f"not_{verb}")
    apart = f"<p>{escape(never)}</p>{sentences(locked, words)}"
    way = f'<p><a href="{link({name: to}, sought)}">{escape(words.say(f"switch_{verb}", name=name))}</a></p>'
    reason = foreign(*scene.reason(name, words), words)
    return (
        f'<p class="why">{reason}</p><p class="why">{escape(words.say(when))}</p>'
        f"{apart if locked else ''}{'' if is_lost else way}"
    )


def _fixed(scene: Scene, words: Words, name: str) -> str:
    """Who decided on a feature that the user cannot switch, why, and what can be done about it."""
    text, sentence = scene.reason(name, words)
    if name in scene.build.open:
        command = f"{scene.build.launcher} @licence FILE"
        return (
            f'<p class="why">{foreign(text, sentence, words)}</p>'
            f"<p>{escape(words.say('get_licence', command=command))}</p>"
        )
    if bonds := scene.bonds(name):
        along = f"<p>{escape(words.say('goes_along'))}</p>{sentences(bonds, words)}"
        return f'<p class="why">{foreign(text, sentence, words)}</p>{along}'
    decided = words.say(f"decided_{scene.build.features[name].stage}")
    return f'<p class="why">{foreign(" ".join(filter(None, (decided, text))), sentence, words)}</p>'


def foreign(text: str, sentence: str, words: Words) -> str:
    """What the page says, and a ``sentence`` of the build behind it, which is read out in its own language."""
    lang = _lang("en", words)
    marked = f"<span{lang}>{escape(sentence)}</span>" if lang and sentence else escape(sentence)
    return " ".join(filter(None, (escape(text), marked)))


def sentences(found: Sequence[str], words: Words) -> str:
    """A list of sentences of the build."""
    return items([foreign("", each, words) for each in found])


def items(marked: Sequence[str]) -> str:
    """A list of what is HTML already; nothing for none."""
    return f"<ul>{''.join(f'<li>{each}</li>' for each in marked)}</ul>" if marked else ""


def pairs(wanted: Mapping[str, bool], sought: str) -> list[tuple[str, str]]:
    """The fields by which the server is told of switches."""
    return [("on" if value else "off", name) for name, value in wanted.items()] + ([("q", sought)] if sought else [])


def link(wanted: Mapping[str, bool], sought: str) -> str:
    """The address of the page on what would follow, escaped."""
    return escape(f"/switch?{urlencode(pairs(wanted, sought))}")


def _summary_language(scene: Scene) -> str:
    return scene.build.look.languages[0] if scene.build.look.languages else "en"


def _lang(language: str, words: Words) -> str:
    return "" if language == words.language else f' lang="{escape(language)}"'
