"""The order in which the features' hook implementations are called."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from ..errors import Place, SartoError
from ..model.feature_model import FeatureModel
from ..model.interaction import Interaction, settled_order

__all__ = ["plugin_order", "said_order"]

Said = Mapping[tuple[str, str], tuple[Place, str]]
"""Two features of which the first is called first, with the place that says so and how it says it."""


def plugin_order(
    model: FeatureModel, features: Iterable[str], interactions: Sequence[Interaction] = ()
) -> tuple[str, ...]:
    """Those of ``features`` that have parts, so that what the line says of their order holds; else as in the tree.

    ``before``, ``after`` and the order of ``interactions`` say it. Only what is among ``features`` counts, with parts
    or without: an order through a feature that is not there is none. Raises :class:`SartoError` that shows the
    cycle, and all that makes it, where there is one. (Kahn, 1962.)
    """
    wanted = set(features)
    place = {name: number for number, name in enumerate(each for each in model.preorder() if each in wanted)}
    said = said_order(model, place, interactions)
    if not said:
        return tuple(name for name in place if model.features[name].delivery.parts)
    followers: dict[str, list[str]] = {name: [] for name in place}
    waits_for = dict.fromkeys(place, 0)
    for first, second in said:
        followers[first].append(second)
        waits_for[second] += 1
    ready = [place[name] for name, count in waits_for.items() if count == 0]
    names, order = list(place), list[str]()
    while ready:
        name = names[heapq.heappop(ready)]
        order.append(name)
        for later_name in followers[name]:
            waits_for[later_name] -= 1
            if waits_for[later_name] == 0:
                heapq.heappush(ready, place[later_name])
    if len(order) < len(place):
        raise _cycle(model, said, [name for name in place if waits_for[name] > 0])
    return tuple(name for name in order if model.features[name].delivery.parts)


def said_order(model: FeatureModel, names: Iterable[str], interactions: Sequence[Interaction]) -> Said:
    """What is said of the order of the named features, two by two; of several places that say the same, the first."""
    found: dict[tuple[str, str], tuple[Place, str]] = {}
    known = dict.fromkeys(names)
    for name in known:
        feature = model.features[name]
        for other in feature.delivery.before:
            found.setdefault((name, other), (feature.where.at("before"), f"'{name}' is before '{other}'"))
        for other in feature.delivery.after:
            found.setdefault((other, name), (feature.where.at("after"), f"'{name}' is after '{other}'"))
    for first, second, where in settled_order(interactions):
        found.setdefault((first, second), (where, f"'{first}' is before '{second}'"))
    return {pair: said for pair, said in found.items() if pair[0] in known and pair[1] in known}


def _cycle(model: FeatureModel, said: Said, stuck: list[str]) -> SartoError:
    """Walk back from a feature that waits until one comes again: that is a cycle."""
    path = [stuck[0]]
    while path[-1] not in path[:-1]:
        path.append(next(name for name in stuck if (name, path[-1]) in said))
    cycle = list(reversed(path[path.index(path[-1]) :]))
    steps = (said[pair] for pair in pairwise(cycle))
    lines = [f"the order of the plugins goes round: {' -> '.join(cycle)}", *(f"  {how} ({at})" for at, how in steps)]
    hint = "take out one of these"
    return SartoError("\n".join(lines), where=model.features[cycle[0]].where, hint=hint)
