"""Features whose parts do not go together: every least set of them, against all subsets, and with a real resolver."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import chain, combinations, product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from sarto.derive import resolving
from sarto.derive.catalog import Catalog
from sarto.derive.contracts import part_findings
from sarto.derive.discord import discords
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.errors import SartoError
from sarto.model.feature_model import FeatureModel

from ..strategies import configurations
from .making import make_wheel
from .shop import shop, versions

FEATURES = ("a", "b", "c", "d", "e", "f")
Set = frozenset[str]

some_sets = st.lists(st.frozensets(st.sampled_from(FEATURES), min_size=1, max_size=4), max_size=5)
some_pairs = st.lists(st.sampled_from([*combinations(FEATURES, 2)]), max_size=4, unique=True)


def subsets(names: Sequence[str]) -> Iterator[Set]:
    return map(frozenset, chain.from_iterable(combinations(names, size) for size in range(len(names) + 1)))


def least(sets: Collection[Set]) -> set[Set]:
    return {each for each in sets if not any(other < each for other in sets)}


@given(some_sets, some_pairs, st.frozensets(st.sampled_from(FEATURES)))
def test_every_least_set_that_the_judge_refuses_is_found_and_nothing_else(
    bad: list[Set], apart: list[tuple[str, str]], blame: Set
) -> None:
    def judge(features: Collection[str], pairs: Sequence[tuple[str, str]]) -> str:
        groups = [each for each in subsets(tuple(features)) if not any({*pair} <= each for pair in pairs)]
        return "bad" if any(each <= group for each in bad for group in groups) else ""

    found = [frozenset(each.features) for each in discords(FEATURES, judge, lambda _: blame, apart)]
    assert len(found) == len(set(found))
    assert set(found) == least([each for each in bad if not any({*pair} <= each for pair in apart)])


def test_a_core_that_does_not_go_with_itself_is_all_that_is_said() -> None:
    assert [each.features for each in discords(FEATURES, lambda *_: "bad", lambda _: ())] == [()]


LINE = """
[features.shop]
mandatory = ["always"]
optional = ["a", "b", "c", "d", "e", "f", "g", "h", "colour"]
[features.colour]
alternative = ["red", "green"]
[features.always]
parts = ["part-always"]
[[constraints]]
rule = "g => !h"
"""
NEEDS = {
    "shop-core": "middle<9",
    "part-always": "ground>=1",
    "part-a": "middle!=1",
    "part-b": "middle!=2",
    "part-c": "middle!=3",
    "part-d": "ground>=2",
    "part-e": "ground<2",
    "part-f": "roof>=7",
    "part-g": "roof<2",
    "part-h": "roof>=2",
    "part-red": "paint<2",
    "part-green": "paint>=2",
}
"""What each part needs: of a, b and c any two go together, d and e do not, f never; g and h, red and green need not."""
UNIVERSE = {"middle": ("1", "2", "3"), "ground": ("1", "2"), "roof": ("1", "2"), "paint": ("1", "2")}


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    for name, needed in NEEDS.items():
        make_wheel(tmp_path / "wheelhouse", name, requires=[needed])
    for name, numbers in UNIVERSE.items():
        for version in numbers:
            make_wheel(tmp_path / "wheelhouse", name, version)
    return tmp_path


def tables(names: Collection[str]) -> str:
    return "".join(f'[features.{name}]\nparts = ["part-{name}"]\n' for name in names)


@cache
def goes(features: Set) -> bool:
    """Whether some versions of everything fit what the core and the features need, by trying them all."""
    needs = [NEEDS["shop-core"], *(NEEDS[f"part-{name}"] for name in features)]
    split = [(text.rstrip("=!<>0123456789"), text) for text in needs]
    wanted: dict[str, SpecifierSet] = {}
    for name, text in split:
        wanted[name] = wanted.get(name, SpecifierSet()) & SpecifierSet(text.removeprefix(name))
    names = sorted(wanted)
    return any(
        all(version in wanted[name] for name, version in zip(names, chosen, strict=True))
        for chosen in product(*(UNIVERSE[name] for name in names))
    )


def faults(model: FeatureModel) -> set[Set]:
    """The least sets of features that stand together in some configuration and whose parts do not go together."""
    delivered = {name for name, feature in model.features.items() if feature.delivery.parts}
    selected = {frozenset(name for name in delivered if configuration[name]) for configuration in configurations(model)}
    bad = {each for whole in selected if not goes(whole) for each in subsets(sorted(whole)) if not goes(each)}
    return least(bad)


def told(error: SartoError) -> set[Set]:
    """The features that each single error names."""
    texts = [single.what.partition("\n")[0] for single in error.errors]
    return {frozenset(name for name in "abcdefgh" if f"feature '{name}'" in text) for text in texts}


def test_every_fault_of_a_line_is_found_and_no_other(wheelhouse: Path, linux: ResolvedTarget) -> None:
    line = shop(wheelhouse, LINE + tables([*"abcdefgh", "red", "green"]))
    with pytest.raises(SartoError) as caught:
        prepare(line, wheelhouse, linux)
    assert faults(line.model) == {frozenset("abc"), frozenset("de"), frozenset("f")}
    assert told(caught.value) == faults(line.model)


def test_three_features_of_which_every_two_go_together_are_told_with_the_constraint(
    wheelhouse: Path, linux: ResolvedTarget
) -> None:
    line = shop(wheelhouse, LINE + tables("abc"))
    with pytest.raises(SartoError) as caught:
        prepare(line, wheelhouse, linux)
    (error,) = caught.value.errors
    assert error.hint == (
        "loosen one of the requirements, or let the feature model say so: "
        '[[constraints]] rule = "!(a & b & c)"'
    )  # fmt: skip
    first, *reasons = error.what.splitlines()
    assert all(f"feature '{name}' (part-{name})" in first for name in "abc")
    assert "core" not in first
    assert any("feature 'a' depends on part-a" in reason for reason in reasons)


def test_the_line_is_sound_with_the_constraints_that_the_errors_give(wheelhouse: Path, linux: ResolvedTarget) -> None:
    rules = '[[constraints]]\nrule = "d => !e"\n[[constraints]]\nrule = "!a | !b"\n'
    line = shop(wheelhouse, LINE + rules + tables([*"abcdegh", "red", "green"]))
    assert not faults(line.model)
    catalog = prepare(line, wheelhouse, linux)
    assert versions(catalog, "g")["roof"] == "1"
    assert versions(catalog, "h")["roof"] == "2"


def test_features_that_only_several_constraints_keep_apart_have_versions_of_their_own(
    wheelhouse: Path, linux: ResolvedTarget
) -> None:
    apart = '[[constraints]]\nrule = "d => x"\n[[constraints]]\nrule = "e => !x"\n'
    text = '[features.shop]\noptional = ["d", "e", "x"]\n' + tables("de")
    catalog = prepare(shop(wheelhouse, text + apart), wheelhouse, linux)
    assert versions(catalog, "d")["ground"] == "2"
    assert versions(catalog, "e")["ground"] == "1"
    # The lock that stands in the cache does not hold any more when one of the constraints is gone.
    with pytest.raises(SartoError, match="do not go together"):
        prepare(shop(wheelhouse, text), wheelhouse, linux)


def test_as_many_features_as_there_are_may_be_kept_apart(
    wheelhouse: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolving, "MOST_TOLD", 2)
    others = [f"e{number}" for number in range(4)]
    for name in others:
        make_wheel(wheelhouse / "wheelhouse", f"part-{name}", requires=["ground<2"])
    rules = "".join(f'[[constraints]]\nrule = "{name} => !x"\n' for name in others)
    text = f"[features.shop]\noptional = {['d', 'x', *others]}\n" + tables(["d", *others])
    line = shop(wheelhouse, text + '[[constraints]]\nrule = "d => x"\n' + rules)
    catalog = prepare(line, wheelhouse, linux)
    assert versions(catalog, "d")["ground"] == "2"
    assert versions(catalog, "e3")["ground"] == "1"


PAINTS = "".join(f'[features.{name}]\nparts = ["part-{name}"]\n' for name in ("red", "green", "blue", "oak", "ash"))
SIDES = '[features.colour]\nalternative = ["red", "green", "blue"]\n[features.wood]\nalternative = ["oak", "ash"]\n'


def kept_apart(catalog: Catalog) -> list[list[str]]:
    """The sets of features of which uv takes at most one to be there."""
    sets = tomllib.loads(catalog.lock_text).get("conflicts", [])
    return [[each["extra"] for each in found] for found in sets]


def test_of_what_excludes_each_other_only_what_needs_different_versions_is_kept_apart(
    wheelhouse: Path, linux: ResolvedTarget
) -> None:
    make_wheel(wheelhouse / "wheelhouse", "part-blue", requires=["paint==2"])
    for name in ("oak", "ash"):
        make_wheel(wheelhouse / "wheelhouse", f"part-{name}")
    line = shop(wheelhouse, '[features.shop]\noptional = ["colour", "wood"]\n' + SIDES + PAINTS)
    assert kept_apart(prepare(line, wheelhouse, linux)) == [["blue", "green", "red"]]


def test_what_only_follows_from_an_alternative_is_kept_apart_as_one_set(
    wheelhouse: Path, linux: ResolvedTarget
) -> None:
    for number, name in enumerate("xyz"):
        make_wheel(wheelhouse / "wheelhouse", f"part-{name}", requires=[f"middle=={number + 1}"])
    rules = "".join(f'[[constraints]]\nrule = "{one} => {other}"\n' for one, other in zip("xyz", "klm", strict=True))
    text = '[features.shop]\noptional = ["x", "y", "z"]\nalternative = ["k", "l", "m"]\n' + tables("xyz") + rules
    catalog = prepare(shop(wheelhouse, text), wheelhouse, linux)
    assert kept_apart(catalog) == [["x", "y", "z"]]
    assert [versions(catalog, name)["middle"] for name in "xyz"] == ["1", "2", "3"]


def test_a_check_of_the_line_tells_each_of_them(wheelhouse: Path) -> None:
    targets = '\n[targets]\npython = "host"\nplatforms = "host"\n'
    line = shop(wheelhouse, targets + LINE + tables("abcdef"))
    found = part_findings(line, wheelhouse)
    assert [finding.hint.partition("[[")[2] for finding in found if "so:" in finding.hint] == [
        'constraints]] rule = "!(a & b & c)"',
        'constraints]] rule = "d => !e"',
    ]
    assert len(found) == 3
