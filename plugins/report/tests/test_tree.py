"""The feature tree on the page: nested as the model is, and as deep as it is."""

from __future__ import annotations

from itertools import pairwise

from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import read_line
from sarto_report.choices import choices
from sarto_report.tree import Begin, Branch, End, Leaf, branches

from .shop import LINE

NOBODY: frozenset[str] = frozenset()


def shown(model: FeatureModel) -> list[str]:
    """The tree as indented lines."""
    lines, depth = [], 0
    for step in branches(model, choices(model, [], NOBODY, NOBODY)):
        match step:
            case Begin(rule):
                lines += [f"{'  ' * depth}{rule}:"] if rule else []
                depth += 1
            case End(is_branch=False):
                depth -= 1
            case Leaf(feature=feature, mark=mark, kind=kind):
                lines.append(f"{'  ' * depth}{feature.name} {mark} {kind}".rstrip())
    assert depth == 0
    return lines


def test_every_feature_stands_under_its_parent_with_the_mark_of_its_group() -> None:
    assert shown(read_line(LINE, "features.toml").model) == [
        "shop root",
        "  till mandatory",
        "  exactly one of:",
        "    cash alternative",
        "    card alternative",
        "  seats mandatory integer 0..60",
        "  maps optional",
        "  tea optional",
        "  cake optional",
        "  stand optional 0..3 times",
        "    width mandatory integer 1..9",
        "  never optional",
    ]


def test_groups_say_how_many_of_them_there_are() -> None:
    features = {name: Feature(name=name) for name in "rabcdef"}
    groups = (
        Group("r", GroupKind.OR, ("a", "b")),
        Group("r", GroupKind.CARDINALITY, ("c", "d"), 2, 2),
        Group("r", GroupKind.CARDINALITY, ("e", "f"), 0, 1),
    )
    found = shown(FeatureModel(root="r", features=features, groups=groups))
    assert [line.strip() for line in found if line.endswith(":")] == ["at least one of:", "exactly 2 of:", "0 to 1 of:"]


def test_a_model_as_deep_as_nobody_draws_it_is_gone_through_all_the_same() -> None:
    names = [f"f{n}" for n in range(5000)]
    groups = tuple(Group(a, GroupKind.OPTIONAL, (b,)) for a, b in pairwise(names))
    model = FeatureModel(root="f0", features={name: Feature(name=name) for name in names}, groups=groups)
    steps = list(branches(model, choices(model, [], NOBODY, NOBODY)))
    assert [step.feature.name for step in steps if isinstance(step, Leaf)] == names
    assert sum(isinstance(step, Branch) for step in steps) == sum(step == End(is_branch=True) for step in steps) == 4999


def test_in_a_large_line_what_nobody_has_begins_closed() -> None:
    def opened(size: int) -> bool:
        names = [f"f{n}" for n in range(size)]
        groups = (Group("f0", GroupKind.OPTIONAL, tuple(names[1:])),)
        model = FeatureModel(root="f0", features={name: Feature(name=name) for name in names}, groups=groups)
        first = next(branches(model, choices(model, [], NOBODY, NOBODY)))
        assert isinstance(first, Branch)
        return first.is_open

    assert opened(200)
    assert not opened(201)
