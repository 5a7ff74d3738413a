"""The order in which the features' hook implementations are called."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

from ..errors import SartoError
from ..model.feature import Feature
from ..model.feature_model import FeatureModel

__all__ = ["plugin_order"]

Followers = Mapping[str, set[str]]


def plugin_order(model: FeatureModel, features: Iterable[str]) -> tuple[str, ...]:
    """Those of ``features`` that have parts, so that ``before`` and ``after`` hold; else in the order of the tree.

    Only what is among ``features`` counts, with parts or without: a order through a feature that is not there is
    none. Raises :class:`SartoError` that shows the cycle, where there is one. (Kahn, 1962.)
    """
    wanted = set(features)
    place = {name: number for number, name in enumerate(each for each in model.preorder() if each in wanted)}
    followers = _followers(model, place)
    waits_for = dict.fromkeys(place, 0)
    for later in followers.values():
        for name in later:
            waits_for[name] += 1
    ready = [place[name] for name, count in waits_for.items() if count == 0]
    names, order = list(place), list[str]()
    while ready:
        name = names[heapq.heappop(ready)]
        order.append(name)
        for later_name in sorted(followers[name], key=place.__getitem__):
            waits_for[later_name] -= 1
            if waits_for[later_name] == 0:
                heapq.heappush(ready, place[later_name])
    if len(order) < len(place):
        raise _cycle(model, followers, [name for name in place if waits_for[name] > 0])
    return tuple(name for name in order if model.features[name].delivery.parts)


def _followers(model: FeatureModel, names: Iterable[str]) -> Followers:
    """For each of the names, those that are called after it."""
    found: dict[str, set[str]] = {name: set() for name in names}
    for name in found:
        feature: Feature = model.features[name]
        found[name].update(other for other in feature.delivery.before if other in found)
        for other in feature.delivery.after:
            if other in found:
                found[other].add(name)
    return found


def _cycle(model: FeatureModel, followers: Followers, stuck: list[str]) -> SartoError:
    """Walk back from a feature that waits until one comes again: that is a cycle."""
    path = [stuck[0]]
    while path[-1] not in path[:-1]:
        path.append(next(name for name in stuck if path[-1] in followers[name]))
    cycle = list(reversed(path[path.index(path[-1]) :]))
    return SartoError(
        f"the order of the plugins goes round: {' -> '.join(cycle)}",
        where=model.features[cycle[0]].where,
        hint="take out one of the 'before' and 'after' that say so",
    )
