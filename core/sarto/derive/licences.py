"""Licences of parts: what a part declares, and whether the line's policy lets it in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import compat32
from fnmatch import fnmatchcase
from functools import lru_cache

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

from ..errors import Place, SartoError
from ..model.line import LicencePolicy, LineDescription
from ..solve.words import joined
from .licence_names import NOT_A_LICENCE, SPDX_OF_CLASSIFIER, may_be, spdx_of_words
from .part import Part
from .spdx import Either, Expression, Name, parse
from .wheel import read_member

__all__ = ["Declared", "declared", "declared_by", "licence_errors", "unknown_licences"]

PREFIX = "License :: "
OSI = f"{PREFIX}OSI Approved :: "


@dataclass(frozen=True, slots=True)
class Declared:
    """What a part says of its licence: SPDX expressions that hold together, and ``names`` that mean no one of them.

    ``against`` is what else it says of other licences: it does not count, but may be denied.
    """

    expressions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


def declared(expression: str, free_text: str, classifiers: Iterable[str]) -> Declared:
    """The most exact statement that a part's metadata make.

    ``License-Expression`` wins; then a ``License`` that is an SPDX expression or means one licence; then the
    classifiers, which are taken to hold together; then whatever ``License`` says, by its first line.
    """
    if spdx := _spdx(expression):
        return Declared((spdx,))
    found = sorted({text for text in classifiers if text.startswith(PREFIX)} - NOT_A_LICENCE)
    known = {SPDX_OF_CLASSIFIER[text] for text in found if text in SPDX_OF_CLASSIFIER}
    names = tuple(text.rpartition(" :: ")[2] for text in found if text not in SPDX_OF_CLASSIFIER)
    wrong, free = _first_line(expression), _first_line(free_text)
    if spdx := _spdx(free_text) or spdx_of_words(free_text) or SPDX_OF_CLASSIFIER.get(f"{OSI}{free_text.strip()}", ""):
        return Declared((spdx,), against=_against(_named(parse(spdx)), (wrong, *sorted(known), *names)))
    if not known and not names:
        names = tuple(text for text in (wrong, free) if text)[:1]
    return Declared(tuple(sorted(known)), names, _against({*known, *names}, (wrong, free)))


def _first_line(text: str) -> str:
    line = text.strip().partition("\n")[0].strip()
    return "" if line.upper() == "UNKNOWN" else line


def _against(counted: Set[str], others: Iterable[str]) -> tuple[str, ...]:
    """The others that mean, or may mean, a licence of which nothing is counted, not even in more exact words."""
    counting = {licence for name in counted for licence in _meant(name)}
    return tuple(name for name in others if _families(_meant(name)) - _families(counting.intersection(_meant(name))))


def _families(licences: Iterable[str]) -> set[str]:
    return {licence.partition("-")[0] for licence in licences}


def _meant(name: str) -> tuple[str, ...]:
    """Which licences a name means or, where it is no SPDX identifier, may mean."""
    return Name(name).texts if _spdx(name) else may_be(name)


def _named(tree: Expression) -> set[str]:
    return {tree.licence} if isinstance(tree, Name) else {name for item in tree.items for name in _named(item)}


def _spdx(text: str) -> str:
    try:
        return canonicalize_license_expression(text) if text.strip() else ""
    except InvalidLicenseExpression:
        return ""


@lru_cache(maxsize=4096)
def declared_by(part: Part) -> Declared:
    """What the wheel of a part in the store declares; read once for all builds of a run."""
    message = BytesParser(policy=compat32).parsebytes(read_member(part.path, "METADATA") or b"", headersonly=True)
    classifiers = [str(text) for text in message.get_all("Classifier", ())]
    return declared(str(message.get("License-Expression", "")), str(message.get("License", "")), classifiers)


def licence_errors(line: LineDescription, parts: Iterable[Part]) -> list[SartoError]:
    """What the line's policy has against these parts, in their order: with part, licence, and the feature behind it."""
    policy = line.licences
    if not policy.is_set:
        return []
    return [_error(line, part, key, what, way) for part in parts for key, what, way in _faults(policy, part)]


def unknown_licences(line: LineDescription, parts: Iterable[Part]) -> list[SartoError]:
    """The parts whose licence is not known, and which the policy lets in all the same."""
    policy = line.licences
    if not policy.is_set or policy.denies_unknown:
        return []
    told = ((part, unclear) for part in parts if (unclear := _unclear(_statement(policy, part))))
    hint = "find it out, and write it down: [licences.parts]"
    return [SartoError(_sentence(part, what), where=Place(line.file, "licences"), hint=hint) for part, what in told]


def _error(line: LineDescription, part: Part, key: str, what: str, way: str) -> SartoError:
    without = f"build without {joined([repr(name) for name in part.features])}, or " if part.features else ""
    hint = f"{without}take another part, or {way}"
    return SartoError(_sentence(part, what), where=Place(line.file, f"licences.{key}"), hint=hint)


def _sentence(part: Part, what: str) -> str:
    names = ", ".join(f"'{name}'" for name in part.features)
    features = "features" if len(part.features) > 1 else "feature"
    comes = f"it comes with the {features} {names}" if names else "every build has it"
    return f"part '{part.name}' {part.version} {what}; {comes}"


def _statement(policy: LicencePolicy, part: Part) -> Declared:
    said = policy.parts.get(part.name)
    return Declared((canonicalize_license_expression(said),)) if said else declared_by(part)


def _faults(policy: LicencePolicy, part: Part) -> Iterator[tuple[str, str, str]]:
    """Key of the policy, what is wrong, and the way out: the first fault of a part is enough."""
    said = _statement(policy, part)
    for text in said.expressions:
        if fault := _denied(policy, text) or _not_allowed(policy, text):
            yield fault
            return
    exact = {name for text in said.expressions for name in _named(parse(text))}
    for name in (*_against(exact, said.names), *said.against):
        if what := _denied_words(policy, said, name):
            yield "deny", what, f"write down which one it has: licences.parts.{part.name}"
            return
    if policy.denies_unknown and (unclear := _unclear(said)):
        key = "unknown" if policy.unknown else "allow"
        yield key, unclear, f"write down which one it has: licences.parts.{part.name}"


def _denied_words(policy: LicencePolicy, said: Declared, name: str) -> str:
    """What is wrong with a name that means, or may mean, a licence that is denied; empty where it does not."""
    found = ((licence, _match(Name(licence), policy.deny)) for licence in _meant(name))
    for licence, pattern in found:
        if pattern:
            counted = (*said.expressions, *said.names)
            says = f"'{name}'" if name in counted else f"'{counted[0]}', and elsewhere in its metadata '{name}'"
            may = "" if licence == name else f" may be '{licence}', and that"
            return f"says {says}, which{may} '{pattern}' denies"
    return ""


def _unclear(said: Declared) -> str:
    if said.names:
        return f"says '{said.names[0]}', which means no one SPDX licence"
    return "" if said.expressions else "says nothing of its licence"


def _denied(policy: LicencePolicy, text: str) -> tuple[str, str, str] | None:
    """A licence that is denied, where no choice goes without one."""
    patterns = policy.deny
    culprit = _culprit(parse(text), lambda name: not _match(name, patterns))
    if culprit is None:
        return None
    pattern = _match(culprit, patterns)
    is_part = str(culprit) != text
    of = f", and of that '{culprit}' is denied by '{pattern}'" if is_part else f", which '{pattern}' denies"
    return "deny", f"has the licence '{text}'{of}", f"take '{pattern}' out of the list"


def _not_allowed(policy: LicencePolicy, text: str) -> tuple[str, str, str] | None:
    if not policy.allow:
        return None
    # What is denied is not among the choices: MIT OR GPL-3.0-only is no way in where MIT is not allowed.
    culprit = _culprit(parse(text), lambda name: bool(_match(name, policy.allow)) and not _match(name, policy.deny))
    if culprit is None:
        return None
    of = f", and of that '{culprit}' is not allowed" if str(culprit) != text else ", which is not among those allowed"
    return "allow", f"has the licence '{text}'{of}", f"put '{culprit}' into the list"


def _culprit(tree: Expression, is_good: Callable[[Name], bool]) -> Name | None:
    """The first licence that stands in the way of using it; None where there is a way."""
    if isinstance(tree, Name):
        return None if is_good(tree) else tree
    culprits = [_culprit(item, is_good) for item in tree.items]
    if isinstance(tree, Either) and None in culprits:
        return None
    return next((culprit for culprit in culprits if culprit), None)


def _match(name: Name, patterns: Iterable[str]) -> str:
    """The first pattern that means the licence, whatever its capitals."""
    texts = [text.casefold() for text in name.texts]
    return next((each for each in patterns if any(fnmatchcase(text, each.casefold()) for text in texts)), "")
