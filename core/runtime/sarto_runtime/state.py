"""What is on when the product starts: the build's decisions with the end user's switches over them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from .build import Build, Part, Value

__all__ = ["State", "parts_in_use", "settings_in_use", "state_of", "with_switches"]


class State(NamedTuple):
    """A valid state of a build.

    ``features`` has the value of every feature; ``switched`` the open features that the user has switched away
    from what the build starts with; ``ignored`` the switches that have no effect; ``dropped`` the sentences of the
    rules for which some of those were passed over.
    """

    features: Mapping[str, Value]
    switched: frozenset[str]
    ignored: Mapping[str, bool]
    dropped: tuple[str, ...]

    def is_on(self, feature: str) -> bool:
        """Whether the feature is in the running product; False for a name that is none."""
        return self.features.get(feature, False) is not False


def with_switches(build: Build, switches: Mapping[str, bool]) -> dict[str, bool]:
    """The open features as ``switches`` has them, and where it says nothing as the build starts."""
    return {name: switches.get(name, build.features[name].value is not False) for name in build.open}


def state_of(build: Build, switches: Mapping[str, bool], barred: Collection[str] = ()) -> State:
    """The state of ``build`` for a user with these ``switches``; open features that are ``barred`` are off.

    A switch of a feature that is not open is passed over. Where the rest no longer go together, after an
    upgrade, the fewest of them that stand in the way are passed over, too: an invalid product cannot start. Where what
    is barred cannot go off by itself, the fewest other open features change with it; where nothing helps, it stays.
    """
    foreign = {name: value for name, value in switches.items() if name not in build.open}
    start = with_switches(build, {})
    wanted = with_switches(build, switches)
    wanted.update(dict.fromkeys(wanted.keys() & set(barred), False))
    moved = [name for name in build.open if wanted[name] is not start[name]]
    if not moved:
        return State(_features(build, start), frozenset(), foreign, ())
    from .residual import conflicts, followers, nearest

    broken = conflicts(build.rules, wanted)
    back: Sequence[str] = ()
    if broken:
        others = [name for name in build.open if name not in barred]
        back = (
            nearest(build.rules, wanted, [name for name in moved if name in others])
            or (nearest(build.rules, wanted, others) if barred else None)
            or moved
        )
    opened = {**wanted, **{name: not wanted[name] for name in back}}
    passed_over = {name: wanted[name] for name in back if switches.get(name) is wanted[name]}
    return State(
        features=_features(build, {**opened, **followers(build.rules, opened)}),
        switched=frozenset(name for name in build.open if opened[name] is not start[name]),
        ignored={**foreign, **passed_over},
        dropped=tuple(dict.fromkeys(sentence for conflict in broken for sentence in conflict.sentences))
        if passed_over
        else (),
    )


def _features(build: Build, moving: Mapping[str, bool]) -> dict[str, Value]:
    values = {name: feature.value for name, feature in build.features.items()}
    for name, is_on in moving.items():
        if is_on is (values[name] is False):
            values[name] = is_on
    return values


def parts_in_use(build: Build, state: State) -> tuple[Part, ...]:
    """The parts that are on the path, in its order.

    First those that are always there, so that no feature's part can stand in for the core's; then those without
    a place in the plugin order; then the rest, the ones called later first, for hosts register plugins in the
    order of the path and pluggy calls the last registered first.
    """
    place = _places(build)
    used = [part for part in build.parts if not part.features or any(map(state.is_on, part.features))]
    return tuple(sorted(used, key=lambda part: (bool(part.features), -place.get(part.name, len(place)), part.name)))


def _places(build: Build) -> dict[str, int]:
    """Part to place in the plugin order: that of the feature whose own it is.

    A feature's own parts are, among all that it needs, those that the fewest features need: where ``maps`` needs the
    part of ``leaflet`` too, that part is in its place for ``leaflet``. The earliest called one counts of several.
    """
    places: dict[str, int] = {}
    for number, feature in enumerate(build.order):
        needed = [part for part in build.parts if feature in part.features]
        fewest = min((len(part.features) for part in needed), default=0)
        for part in needed:
            if len(part.features) == fewest:
                places.setdefault(part.name, number)
    return places


def settings_in_use(build: Build, state: State) -> dict[str, Value]:
    """Setting to value: of the features that are on, and of plain ones (true or false) in either case."""
    values: dict[str, Value] = {}
    for feature, setting in build.settings.items():
        if isinstance(setting.value, bool):
            values[setting.name] = state.is_on(feature)
        elif state.is_on(feature):
            values[setting.name] = setting.value
    return values
