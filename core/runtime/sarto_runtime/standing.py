"""How each feature of a build stands for its user just now, and why: what the page and the terminal both say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .build import Build
from .followers import Follower, Lag, followers, lags
from .licence import uncovered
from .paths import switches_file
from .state import State
from .switches import Sign, peek, sign_of
from .words import KNOWN_SENTENCES, Words

__all__ = ["Scene", "becomes", "lag_text", "news", "scene_of"]


class Scene(NamedTuple):
    """A build in the ``state`` of its next start.

    ``chosen`` are the user's own switches, ``barred`` the features without a licence with the sentences why,
    ``following`` the processes that follow the switches, whose file has the ``sign``.
    """

    build: Build
    state: State
    chosen: Mapping[str, bool]
    barred: Mapping[str, str]
    following: tuple[Follower, ...]
    sign: Sign

    def group(self, name: str) -> str:
        """``yours`` to switch, ``fixed`` in the product, or ``missing`` in it, for want of a licence or for good."""
        is_on = self.state.is_on(name)
        if name in self.build.open and (is_on or name not in self.barred):
            return "yours"
        return "fixed" if is_on else "missing"

    def bonds(self, name: str) -> tuple[str, ...]:
        """The sentences of the rules by which a feature that is not open goes on and off with open ones."""
        rules = () if name in self.build.open else self.build.rules
        found = (rule.sentence for rule in rules if any(name == other for other, _ in rule.any))
        return tuple(dict.fromkeys(filter(None, found)))

    def reason(self, name: str, words: Words) -> tuple[str, str]:
        """Why the feature is as it is: in ``words``, or else as a sentence of the build. One of both is empty."""
        feature, value = self.build.features[name], self.state.features[name]
        if name in self.barred and value is False:
            return "", self.barred[name]
        if value is feature.value:
            is_known = feature.reason in KNOWN_SENTENCES
            return (words.say(feature.reason), "") if is_known else ("", feature.reason)
        key = "went_along"
        if name in self.state.switched:
            key = "you_switched" if self.chosen.get(name) is self.state.is_on(name) else "went_unlicensed"
        return words.say(key, state=words.state(value), before=words.state(feature.value)), ""

    def lags(self) -> Iterator[Lag]:
        """Where processes that follow are not as the next start will be."""
        return lags(self.build, self.state, self.following, self.sign)


def scene_of(build: Build, state: State) -> Scene:
    """What is known now of a build in this ``state``."""
    path = switches_file(build.line.name, build.name)
    return Scene(build, state, peek(path), uncovered(build), followers(path), sign_of(path))


def lag_text(lag: Lag, words: Words) -> tuple[str, str]:
    """What a process has not taken over, in ``words``, and the product's own sentence why, if there is one."""
    text = words.say("lag", process=lag.process, name=lag.feature, state=words.state(lag.is_on))
    if lag.cause == "lag_problem":
        return text, lag.detail
    return f"{text} {words.say(lag.cause, detail=lag.detail)}", ""


def becomes(build: Build, words: Words, name: str, value: bool) -> str:
    """What a feature will be, and when."""
    key = "becomes_sooner" if build.features[name].binding == "run" else "becomes"
    return words.say(key, name=name, state=words.state(value))


def news(scene: Scene, words: Words, name: str) -> list[str]:
    """What an open feature that was just switched is from when on, or in which processes it is so now."""
    is_on = scene.state.is_on(name)
    there = [each.process for each in scene.following if each.features.get(name) is is_on]
    if not there:
        return [becomes(scene.build, words, name, is_on)]
    return [words.say("is_now", name=name, state=words.state(is_on), process=each) for each in there]
