"""``build.json``: what a build is, for its runtime and for whoever asks; the format is written down in the docs."""

from __future__ import annotations

import os.path
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .. import __version__
from ..errors import Place
from ..model.expression import Value
from ..model.feature import Binding, Feature, OnFailure, Stage
from ..model.instance_listing import listed
from ..model.line import CoreProduct
from ..solve.reasons import (
    Cause,
    ConstraintRule,
    Decision,
    DefaultRule,
    Fact,
    GroupRule,
    Origin,
    ResidualRule,
    WishRule,
)
from ..solve.words import rule_sentence, sentence
from .dependence import rules_of_failure
from .json_text import KEPT, Written, encoded, lines, literal, text, texts
from .plan import Part, Plan

__all__ = ["FORMAT", "MANIFEST", "manifest"]

FORMAT = 1
MANIFEST = "build.json"

WISH, FAIL = Cause.WISH, OnFailure.FAIL
"""Looked up once: a class of such members does it anew each time, which counts for each feature of each build."""


def manifest(plan: Plan) -> dict[str, Any]:
    """The contents of ``build.json``, for :func:`~sarto.derive.json_text.as_json`; the same plan gives the same."""
    line = plan.line
    return {
        "format": FORMAT,
        "sarto": __version__,
        "line": _of_line(line.name, line.version, line.summary),
        "customer": plan.selection.customer,
        "name": plan.name,
        "launcher": plan.launcher,
        "target": _of_target(plan.target.python, plan.target.platform),
        "core": _core(line.core, plan.core_object),
        "features": lines([_feature(plan, decision) for decision in plan.resolution.decisions.values()], "{}"),
        "unlisted": texts(_unlisted(plan)),
        "parts": lines(map(_part, plan.parts)),
        "order": texts(plan.order),
        "plugins": _plugins(plan),
        **_given(policies=_policies(plan), licence=_licence(plan), signing_key=line.signing_key),
        "settings": lines(
            [
                f"{text(feature)}:{_setting(line.model.features[feature].delivery.setting, value)}"
                for feature, value in plan.settings.items()
            ],
            "{}",
        ),
        "brand": dict(plan.brand),
        **_given(look=dict(plan.look)),
        "open": texts(plan.resolution.open),
        "residual": _rules(plan.resolution.residual),
        **_needs(plan),
        **_usage(plan),
    }


def _given(**said: Any) -> dict[str, Any]:
    """What is said of these keys; left out is what is empty, as in most builds."""
    return {key: value for key, value in said.items() if value}


def _unlisted(plan: Plan) -> list[str]:
    """The features that nobody needs to be shown, as instances that are not there; none that the user may switch."""
    model, resolution = plan.line.model, plan.resolution
    if not any(feature.copies for feature in model.features.values()):
        return []
    shown = {*listed(model, resolution.configuration), *resolution.open}
    return [name for name in resolution.configuration if name not in shown]


@lru_cache(KEPT, typed=True)
def _setting(name: str, value: Value) -> str:
    return encoded({"name": name, "value": value})


@lru_cache(KEPT)
def _of_line(name: str, version: str, summary: str) -> Written:
    return Written(encoded({"name": name, "version": version, "summary": summary}))


@lru_cache(KEPT)
def _of_target(python: str, platform: str) -> Written:
    return Written(encoded({"python": python, "platform": platform}))


@lru_cache(KEPT)
def _core(core: CoreProduct, core_object: str) -> Written:
    said = {
        "part": canonicalize_name(Requirement(core.parts[0]).name),
        "command": core.command,
        "object": core_object,
        "group": core.group,
        "settings": {
            "arguments": list(core.settings.arguments),
            "command": core.settings.command,
            "but_not": list(core.settings.but_not),
            "environment": core.settings.environment,
        },
    }
    return Written(encoded(said))


def _feature(plan: Plan, decision: Decision) -> str:
    """What a decision comes to, written once for all customers who have it for the same reason.

    Most reasons are the same objects for all of them; a wish is its customer's own.
    """
    feature, value, reason = plan.line.model.features[decision.feature], decision.value, decision.reason
    if reason.cause is WISH:
        return _decided(feature, decision)
    key = (id(feature), value, type(value), id(reason))
    found = _known.get(key)
    if found is None:
        origins = tuple(map(_same, reason.rules))
        alike = (id(feature), value, type(value), reason.cause, reason.detail, origins, reason.premises)
        text = _known[alike][1] if alike in _known else _decided(feature, decision)
        if len(_known) >= KEPT:
            _known.clear()
        found = _known[key] = _known[alike] = (feature, reason), text
    return found[1]


_known: dict[tuple[object, ...], tuple[object, str]] = {}
"""Beside each text what its key names by identity, so that nothing else can get that."""


def _same(origin: Origin) -> object:
    """What tells a rule from others; of those with an expression the identity, for that is had at once."""
    match origin:
        case GroupRule(group):
            return id(group)
        case ConstraintRule(constraint):
            return id(constraint)
        case WishRule(wish):
            return id(wish)  # equal ones may stand in two files
        case DefaultRule(_, value):
            return origin, type(value)
        case _:
            return origin


def _decided(feature: Feature, decision: Decision) -> str:
    reason = encoded(sentence(decision, _file_and_key))
    rest = _told(decision.reason.cause.value, feature.stage, feature.delivery.binding, feature.summary)
    return f'{text(feature.name)}:{{"value":{literal(decision.value)},"reason":{reason},{rest}'


@lru_cache(KEPT)
def _told(cause: str, stage: Stage, binding: Binding, summary: str) -> str:
    said = {} if cause == Cause.CONSEQUENCE else {"cause": cause}
    if stage is not Stage.CUSTOMER:
        said["stage"] = stage.value
    if binding is not Binding.BUILD:
        said["binding"] = binding.value
    return encoded({**said, "summary": summary}).removeprefix("{")


def _part(part: Part) -> str:
    return _described(part.name, part.version, part.filename, part.sha256, part.size, part.features)


@lru_cache(KEPT)
def _described(name: str, version: str, file: str, sha256: str, size: int, features: tuple[str, ...]) -> str:
    said = {"name": name, "version": version, "file": file, "sha256": sha256, "size": size}
    return encoded({**said, "features": features} if features else said)


def _plugins(plan: Plan) -> Written:
    """The entry points through which the core finds plugins, in the order in which these are called."""
    group = plan.line.core.group
    having = [(part, plugins) for part in plan.parts if (plugins := part.plugins(group))]
    places = {feature: place for place, feature in enumerate(plan.order)}
    counts = Counter(name for part in plan.parts for name in part.features) if having else Counter()
    found = [
        (_owner(part, places, counts), name, target, part.name)
        for part, plugins in having
        for name, target in plugins.items()
    ]
    found.sort(key=lambda plugin: (places.get(plugin[0], len(places)), plugin[1]))
    return lines([_plugin(*each) for each in found])


@lru_cache(KEPT)
def _plugin(owner: str, name: str, target: str, part: str) -> str:
    return encoded({"name": name, "object": target, "feature": owner, "part": part})


def _owner(part: Part, places: Mapping[str, int], counts: Mapping[str, int]) -> str:
    """The feature whose own part it is: of those that need it the one that needs the fewest others beside it.

    Of several the one that is called first; "" for a part that is always there.
    """
    return min(part.features, key=lambda name: (name not in places, counts[name], places.get(name, 0)), default="")


def _policies(plan: Plan) -> dict[str, Any]:
    """What becomes of the plugins of those features that do not just fail."""
    features = plan.line.model.features
    return {
        name: {
            "on_failure": delivery.on_failure.value,
            "failures": delivery.failures if delivery.on_failure is OnFailure.QUARANTINE else 1,
        }
        for name in plan.resolution.decisions
        if (delivery := features[name].delivery).on_failure is not FAIL
    }


def _licence(plan: Plan) -> dict[str, Any]:
    """The features of this build that need a licence, and the key that tells a true one; nothing without any."""
    moving = {*plan.resolution.open, *plan.resolution.follows}
    licensed = [
        name
        for name, decision in plan.resolution.decisions.items()
        if plan.line.model.features[name].delivery.licensed and (decision.value is not False or name in moving)
    ]
    return {"key": plan.line.licence_key, "features": licensed} if licensed else {}


def _needs(plan: Plan) -> dict[str, Any]:
    """What the features cannot be without that may fail; nothing where none may."""
    rules = rules_of_failure(plan.line.model, plan.resolution)
    return {"needs": _rules(rules)} if rules else {}


def _usage(plan: Plan) -> dict[str, Any]:
    """What the product records of its use; nothing where the line does not say so or the customer does not consent."""
    usage = plan.line.usage
    if not usage.record or not plan.selection.consent.get("usage"):
        return {}
    names = {"commands": dict(usage.commands), "points": dict(usage.points)}
    return {"usage": {"record": list(usage.record), "days": usage.days, **names}}


def _rules(rules: Sequence[ResidualRule]) -> list[dict[str, Any]]:
    return [
        {"any": [_literal(fact) for fact in rule.any], "sentence": rule_sentence(rule.origin, _file_and_key)}
        for rule in rules
    ]


def _literal(fact: Fact) -> str:
    return fact.feature if fact.value else f"!{fact.feature}"


@lru_cache(KEPT)
def _file_and_key(place: Place) -> str:
    """A place without the folder: where the vendor keeps the line is nobody's business, and differs by machine."""
    return str(Place(os.path.basename(place.file), place.key, place.line, place.column))  # noqa: PTH119  (for each feature of each build)
