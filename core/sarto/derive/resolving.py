"""Resolving a line's parts with uv: all of them together, or apart where that is enough."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import SartoError, raise_all
from .camp_locks import CampLock, LineLock
from .camps import camps, left_out, split_text
from .closure import versions_depend_on
from .discord import Discord, discords
from .exclusion import further_pairs, widened
from .lockfile import read_lock
from .progress import Progress
from .project import project_toml
from .request import LineRequest
from .scope import Scope, refused
from .sources import Sources
from .uv import run_uv
from .uv_words import LACKING, PROJECT, UnknownPartError, blamed, discord_error, is_unsatisfiable, lock_error

__all__ = ["LockInput", "Sets", "lock_file", "resolve"]

MOST_TOLD = 50
"""So many sets of features are told: who has more has one cause behind many of them."""
MOST_EXCLUDED = 40
"""After so many versions without a wheel for a target no further ones are looked for: one by one takes its time."""

Pair = tuple[str, str]
Pairs = Sequence[Pair]
Sets = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockInput:
    """Everything that a lock depends on, besides the index.

    ``scopes`` are where it may hold, the best first. ``conflicts`` are pairs of features that never go together, and
    ``are_apart`` says it of any features, also where several constraints do; ``rule_against`` is one that would.
    ``wheelless`` says which versions a lock takes on a target that they have no wheel for, as what excludes them there;
    ``excluded`` is all that was said so far.
    ``committed`` is the text of the vendor's own lock, whose versions stay as long as they fit, or an empty text.
    """

    request: LineRequest
    sources: Sources
    scopes: tuple[Scope, ...]
    conflicts: Pairs = ()
    are_apart: Callable[[Collection[str]], bool] = lambda features: False  # noqa: ARG005
    rule_against: Callable[[Sequence[str]], str] = " & ".join
    wheelless: Callable[[LineLock], Sequence[str]] = lambda locked: ()  # noqa: ARG005
    excluded: dict[str, None] = field(init=False, default_factory=dict)
    committed: str = ""


def lock_file(folder: Path, index: int) -> Path:
    """The file of one of the locks in a folder."""
    return folder / (f"uv-{index}.lock" if index else "uv.lock")


def resolve(work: Path, asked: LockInput, progress: Progress) -> tuple[Sets, Sets]:
    """Lock with everything together; where that cannot be, with what excludes each other apart.

    Returns the sets of features that are kept apart besides the ``conflicts``, and those that lack wheels together.
    """
    features = tuple(asked.request.features)
    apart: dict[Pair, None] = {}
    tried: list[Scope] = []

    def refusal(scope: Scope) -> str:
        tried.append(scope)
        apart.clear()
        while said := _refusal(work, asked, features, [*apart], scope):
            further = further_pairs(blamed(said, asked.request), apart, asked.conflicts)
            if not further:
                return said
            apart.update(dict.fromkeys(further))
        return ""

    is_refused = refused(asked.scopes, refusal)
    if not is_refused and tried[-1].required:
        return (), ()
    known = [*apart]
    lacking: Sets = ()
    # For want of wheels, perhaps of such features alone as are never in one build.
    if not tried[-1].required and _is_known(asked):
        scope = [each for each in asked.scopes if each.required][-1]
        found = _discords(work, asked, known, scope, progress)
        lacking = [each.features for each in found if not asked.are_apart(each.features)]
        if not lacking:
            return _lock_apart(work, asked, known, found, progress), ()
    found = _discords(work, asked, known, asked.scopes[-1], progress) if is_refused else []
    raise_all(_error(asked, each) for each in found if not asked.are_apart(each.features))
    return _lock_apart(work, asked, known, found, progress), lacking


def _is_known(asked: LockInput) -> bool:
    """Whether it can be told which features are never in one build: arithmetic may be beyond a formula."""
    with suppress(SartoError):
        asked.are_apart(())
        return True
    return False


def _wider(asked: LockInput, pair: Pair) -> Pairs:
    """The pair, with others that are as much apart."""
    if not asked.are_apart(pair):
        return (pair,)
    return widened(pair, asked.request.features, lambda one, other: asked.are_apart((one, other)))


def _discords(work: Path, asked: LockInput, known: Pairs, scope: Scope, progress: Progress) -> list[Discord]:
    """The features whose parts do not go together in the scope, but for those known and what is in no build at all.

    Not all of them, where there are too many to tell or to keep apart.
    """
    progress("looking for the features whose parts do not go together")
    features = tuple(asked.request.features)
    dead = [name for name in features if asked.are_apart((name,))]
    found = [Discord((name,), "in no build") for name in dead]

    def judge(some: Collection[str], pairs: Pairs) -> str:
        return _refusal(work, asked, some, pairs, scope)

    for each in discords(
        [name for name in features if name not in dead],
        judge,
        lambda said: blamed(said, asked.request),
        [pair for pair in known if not {*pair} & {*dead}],
        lambda pair: _wider(asked, pair),
    ):
        found.append(each)
        told = [one for one in found if not asked.are_apart(one.features)]
        if len(told) == MOST_TOLD or left_out(features, _several(found)) is None:
            break
    return sorted(found, key=lambda each: [*map(features.index, each.features)])


def _several(found: Iterable[Discord]) -> list[tuple[str, ...]]:
    """Those that one lock cannot keep apart."""
    return [each.features for each in found if len(each.features) != 2]


def _lock_apart(work: Path, asked: LockInput, known: Pairs, found: Sequence[Discord], progress: Progress) -> Sets:
    """Lock where only what is never in one build does not go together; returns what is kept apart for it."""
    features = tuple(asked.request.features)
    pairs = dict.fromkeys(
        pair
        for each in found
        if len(each.features) == 2
        for pair in _wider(asked, (each.features[0], each.features[1]))
    )
    apart = [*_several(found), *pairs]
    each_without = camps(features, apart)
    if len(each_without) == 1:
        _lock_camp(work, asked, each_without[0], (*known, *pairs))
        return apart
    kept = split_text(asked.committed) if asked.committed else ()
    for index, without in enumerate(each_without):
        progress(f"resolving the line's parts, lock {index + 1} of {len(each_without)}")
        (work / "uv.lock").unlink(missing_ok=True)
        if index < len(kept):
            (work / "uv.lock").write_text(kept[index], encoding="utf-8")
        _lock_camp(work, asked, without, (*known, *pairs))
        (work / "uv.lock").replace(work / f"made-{index}.lock")
    for index in range(len(each_without)):
        (work / f"made-{index}.lock").replace(lock_file(work, index))
    return apart


def _lock_camp(work: Path, asked: LockInput, without: Collection[str], pairs: Pairs) -> None:
    """Lock all features but those ``without``."""
    here = [name for name in asked.request.features if name not in without]
    conflicts = [pair for pair in pairs if {*pair} <= {*here}]
    said = refused(asked.scopes, lambda scope: _refusal(work, asked, here, conflicts, scope))
    if said:
        raise lock_error(said, asked.request, asked.sources)


def _refusal(work: Path, asked: LockInput, features: Collection[str], conflicts: Pairs, scope: Scope) -> str:
    """Lock the parts of some features; an empty text, or why no versions of them fit. Raises for any other failure.

    Where wheels are asked for, what turns out to have none that fits is kept out from then on. uv asks for those of a
    part only where it comes upon the part first, and not for which release of a system they are.
    """
    request = replace(asked.request, features={name: asked.request.features[name] for name in features})
    if asked.excluded and not scope.required:  # what stands there is the last that was tried, not the newest
        (work / "uv.lock").unlink(missing_ok=True)
        if asked.committed:
            (work / "uv.lock").write_text(split_text(asked.committed)[0], encoding="utf-8")
    while True:
        here = replace(scope, excluded=tuple(asked.excluded)) if scope.required else scope
        (work / "pyproject.toml").write_text(project_toml(request, here, conflicts), encoding="utf-8")
        answer = run_uv(["lock", "--no-build"], work)
        if not answer.is_good:
            break
        fresh = _wheelless(work, asked) if scope.required else []
        if not fresh:
            return ""
        # On the targets alone each can have a version of its own.
        if scope.is_wide or len(asked.excluded) > MOST_EXCLUDED:
            return f"{fresh[0]} {LACKING}"
        asked.excluded.update(dict.fromkeys(fresh))
    error = lock_error(answer.said, asked.request, asked.sources)
    if isinstance(error, UnknownPartError) or not is_unsatisfiable(answer.said):
        raise error
    return f"{answer.said}\n{LACKING}" if here.excluded else answer.said


def _wheelless(work: Path, asked: LockInput) -> list[str]:
    """What keeps out of the lock that was just made all that has no wheel for a target."""
    text = lock_file(work, 0).read_text(encoding="utf-8")
    lock = read_lock(text, work, PROJECT)
    found = asked.wheelless(LineLock((CampLock(frozenset(), lock, text),), {}, versions_depend_on(lock)))
    return [each for each in found if each not in asked.excluded]


def _error(asked: LockInput, discord: Discord) -> SartoError:
    error = lock_error(discord.said, asked.request, asked.sources, discord.features)
    return discord_error(discord.features, error, asked.rule_against(discord.features))
