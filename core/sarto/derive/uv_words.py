"""Turning what uv says when it cannot go on into what a vendor can act on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name

from ..errors import Place, SartoError, did_you_mean
from .proxies import proxy_for
from .request import Asked, LineRequest
from .sources import Sources

__all__ = [
    "LACKING", "PROJECT", "WHEELHOUSE_HINT", "UnknownPartError", "UnreadableLockError", "blamed", "discord_error",
    "essence", "is_unsatisfiable", "lacks_wheels", "lock_error", "network_error",
]  # fmt: skip

PROJECT = "sarto-line"
"""What the line is called in the project that uv resolves."""

NOISE = re.compile(
    r"\s*$|\s++(?!cause: )|Traceback |hint:|(Building|Using) |error: Failed to build |"
    r"  cause: (The build backend|Call to) "
)
"""Lines that tell a vendor nothing: frames of tracebacks, hints, what uv did, names of scratch folders."""
DECORATION = re.compile(r"[\s×│├╰─▶]+")
EXTRA = re.compile(rf"{PROJECT}\[([^\]]+)\]")
CORE = re.compile(rf"\b{PROJECT}\b(?!\[)|\byour project\b")
REASON = re.compile(r"(?:Because|And because) (.+?),? we can conclude that .+?\.(?= And because| hint:|$)")
DEPENDS = re.compile(r"\S depends? on ")
"""A part that requires another; said of the line itself where the part's name is taken out."""
REQUIRED = re.compile(rf" and your project requires {PROJECT}\[[^\]]+\]")
"""That a feature is in the line, which nobody has to be told."""
UNKNOWN = re.compile(r"(?:Because|and) ([\w.-]+) was not found in the (?:package registry|provided package locations)")
ONLY_SOURCE = re.compile(
    r"\ball versions of (?P<all>[\w.-]+) have no usable wheels\b|"
    r"\b(?P<name>[\w.-]+)(?P<range>[<=>]\S+) has no usable wheels and only (?P=name)(?P=range) is available\b"
)
"""That no version of a part has a wheel that fits: uv says so of single versions, too, which explains little."""
WHEELLESS = re.compile(r"\b(?:has|have) no (?:`[^`]+`-compatible |usable )?wheels\b")
NAMED_WHEELLESS = re.compile(rf"([\w.-]+)(?:[<=>]\S+)? {WHEELLESS.pattern}")
LACKING = "has no wheels"
"""What is said of versions that Sarto itself found to have no wheel that fits a target."""
BY_URL = re.compile(r"dependencies for package `([\w.-]+)==.+?Consider adding `(([\w.-]+) @ [^`]+)`")
UNREADABLE = re.compile(
    r"`uv\.lock`,?(?: which)? uses an (?P<schema>unsupported schema version \([^)]*\))|"
    r"Failed to parse `uv\.lock` cause: (?P<cause>.+?)(?:\.? If this is .*)?$"
)
UNREACHABLE = re.compile(r"Failed to (?:fetch|download)\b.*?(https?://[^\s`')]+)")
UNASKED = re.compile(r"An index URL \((\S+)\) could not be queried due to a lack of valid authentication credentials")
OFFLINE = re.compile(r"network was disabled|(?:dns|tcp connect|client) error|error sending request|offline mode")

WHEELHOUSE_HINT = "build it yourself (pip wheel --no-deps -w wheels '{name}') and name that folder in [core] sources"


class UnknownPartError(SartoError):
    """A part that nobody has; ``part`` is its name."""

    def __init__(self, part: str, where: Place | None, hint: str) -> None:
        self.part = canonicalize_name(part)
        super().__init__(
            f"part '{part}' is neither on the package index nor in the line's sources", where=where, hint=hint
        )


class UnreadableLockError(SartoError):
    """A lock that was there before, and that uv cannot read; ``what`` is why."""


class UnfitError(SartoError):
    """Requirements of several, the core or features, that no versions of the parts fit."""


def essence(said: str, lines: int = 8) -> str:
    """The last lines of what was said that tell something, indented."""
    telling = [line.rstrip() for line in said.splitlines() if not NOISE.match(line)]
    return "\n".join(f"  {line.strip()}" for line in telling[-lines:])


def network_error(said: str) -> SartoError | None:
    """The error that the index cannot be reached, where that is what uv says."""
    text = _plain(said)
    found = UNREACHABLE.search(text)
    if found is None and not OFFLINE.search(text):
        return None
    is_off = "network was disabled" in text
    proxy = proxy_for(found[1]) if found and not is_off else None
    place = (f" at {found[1]}" if found else "") + (f" through the proxy {proxy.place}" if proxy else "")
    reason = "the network is switched off (UV_OFFLINE)" if is_off else text.rpartition("cause: ")[2]
    hint = "connect to the network once, or name an index that can be reached in UV_DEFAULT_INDEX"
    return SartoError(
        f"the package index cannot be reached{place}, and what this line needs is not in Sarto's cache yet: {reason}",
        hint=proxy.hint(urlsplit(found[1]).hostname or "") if proxy and found else hint,
    )


def is_unsatisfiable(said: str) -> bool:
    """Whether uv says that no versions of the parts fit all that is asked for."""
    return "No solution found" in said and "network was disabled" not in said and not _refusing(_plain(said))


def lacks_wheels(said: str) -> bool:
    """Whether it is for want of wheels, among other things, that uv finds no versions."""
    return WHEELLESS.search(_plain(said)) is not None


def lock_error(said: str, request: LineRequest, sources: Sources, features: Iterable[str] = ()) -> SartoError:
    """What is wrong with the line, where uv finds no versions of its parts; it may not name all the ``features``."""
    if offline := network_error(said):
        return offline
    text = _plain(said)
    if unreadable := UNREADABLE.search(text):
        return UnreadableLockError(unreadable["schema"] or unreadable["cause"])
    if refusing := _refusing(text):
        return SartoError(
            f"the package index at {refusing} does not answer without the right user and password",
            hint="name them in the URL in UV_DEFAULT_INDEX, https://USER:PASSWORD@HOST/…, or in the file ~/.netrc",
        )
    if unknown := UNKNOWN.search(text):
        return _unknown(unknown[1], request, sources)
    if by_url := BY_URL.search(text):
        return _by_url(*by_url.groups())
    if source := ONLY_SOURCE.search(text):
        return _only_source(source["all"] or source["name"], request)
    reasons = [found[1] for found in REASON.finditer(text)]
    if not is_unsatisfiable(said) or not reasons:
        return SartoError(f"uv cannot lock the line:\n{essence(said)}")
    return _incompatible(reasons, request, features)


def _refusing(text: str) -> str:
    """The index that wants a password, where a part is not found for that; an empty text where that is not so."""
    found = UNASKED.search(text) if UNKNOWN.search(text) else None
    return found[1] if found else ""


def blamed(said: str, request: LineRequest) -> frozenset[str]:
    """The features that uv names in its reason; before it stand those that it kept apart."""
    reason = _plain(said).partition(" Because ")[2]
    return frozenset(request.of_extra(extra) for extra in EXTRA.findall(reason))


def discord_error(features: Sequence[str], error: SartoError, rule: str) -> SartoError:
    """The error of features whose parts do not go together, with the constraint that would keep several apart."""
    if not isinstance(error, UnfitError) or not features:
        return error
    hint = f"loosen one of the requirements: with them no build has feature '{features[0]}'"
    if len(features) > 1:
        hint = f"loosen one of the requirements, or let the feature model say so: {rule}"
    return UnfitError(error.what, where=error.where, hint=hint)


def _plain(said: str) -> str:
    """What uv said on one line, without how it draws it."""
    return DECORATION.sub(" ", said).strip()


def _place(name: str, asked: Iterable[Asked]) -> Place | None:
    return next((each.where for each in asked if each.name == canonicalize_name(name)), None)


def _unknown(name: str, request: LineRequest, sources: Sources) -> SartoError:
    hint = did_you_mean(name, sources.parts) or "check its name, and what [core] sources names"
    return UnknownPartError(name, _place(name, request), hint)


def _by_url(asking: str, requirement: str, name: str) -> SartoError:
    return SartoError(
        f"part '{asking}' requires '{requirement}', an address that the line itself does not name",
        hint=f"have '{asking}' require '{name}' by its name, and put the wheel into a folder of [core] sources",
    )


def _only_source(name: str, request: LineRequest) -> SartoError:
    return SartoError(
        f"part '{name}' has no wheel on the package index that fits all targets, and builds are made of wheels",
        where=_place(name, request),
        hint=WHEELHOUSE_HINT.format(name=name),
    )


def _incompatible(reasons: list[str], request: LineRequest, features: Iterable[str]) -> SartoError:
    essential = [REQUIRED.sub("", reason) for reason in reasons if not reason.startswith("your project requires")]
    text = "\n".join(essential)
    parties = list(_parties(text, request, features))
    lines = "\n".join(f"  {_in_our_words(reason, request)}" for reason in essential)
    if len(parties) == 1:
        what = f"no versions of the parts fit what {parties[0]} asks for:\n{lines}"
        return SartoError(what, where=_first_place(text, request), hint=_wheelhouse_hint(text, request))
    what = f"the parts of {' and of '.join(parties)} do not go together:\n{lines}"
    hint = "loosen one of the requirements, or let features that never go together exclude each other"
    return UnfitError(what, where=_first_place(text, request), hint=hint)


def _wheelhouse_hint(text: str, request: LineRequest) -> str:
    """The way out where it is for want of wheels alone of something that the line asks for."""
    if DEPENDS.search(CORE.sub("", EXTRA.sub("", text))):
        return ""
    lacking = NAMED_WHEELLESS.findall(text)
    missed = (each.requirement for each in request if each.name in lacking)
    return next((WHEELHOUSE_HINT.format(name=f"{each.name}{each.specifier}") for each in missed), "")


def _parties(text: str, request: LineRequest, features: Iterable[str]) -> Iterator[str]:
    """Who is in the conflict, each with what it asks for."""
    if CORE.search(text):
        yield _party("the core", request.core)
    named = map(request.of_extra, EXTRA.findall(text))
    for feature in dict.fromkeys([*named, *features]):
        yield _party(f"feature '{feature}'", request.features[feature])


def _party(who: str, asked: Iterable[Asked]) -> str:
    return f"{who} ({', '.join(str(each.requirement) for each in asked)})"


def _first_place(text: str, request: LineRequest) -> Place | None:
    extras = EXTRA.findall(text)
    asked = request.features[request.of_extra(extras[-1])] if extras else request.core
    return asked[0].where if asked else None


def _in_our_words(reason: str, request: LineRequest) -> str:
    named = EXTRA.sub(lambda found: f"feature '{request.of_extra(found[1])}'", reason)
    return CORE.sub("the core", named)
