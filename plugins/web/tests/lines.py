"""Random small lines, and all that can be had of them, by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel

HEAD = '[line]\nname = "small"\nversion = "1"\nroot = "f0"\n[core]\nparts = ["small"]\ncommand = "small"\n'
GROUPS = ["optional", "mandatory", "or", "alternative"]


@st.composite
def small_lines(draw: st.DrawFn, most: int = 7) -> str:
    """The text of a features.toml: features in groups of every kind, one of them with a number, and constraints."""
    names = [f"f{number}" for number in range(draw(st.integers(3, most)))]
    groups: dict[str, dict[str, list[str]]] = {name: {} for name in names}
    placed = 1
    while placed < len(names):
        members = names[placed : placed + draw(st.integers(1, 3))]
        parent = draw(st.sampled_from(names[:placed]))
        groups[parent].setdefault(draw(st.sampled_from(GROUPS)), []).extend(members)
        placed += len(members)
    text = HEAD
    for name in names:
        text += f"[features.{name}]\n"
        text += "".join(f"{kind} = {members!r}\n" for kind, members in groups[name].items())
        if name == names[-1]:
            text += f'type = "integer"\nminimum = 0\nmaximum = 3\ndefault = {draw(st.integers(0, 3))}\n'
    rules = [*(f"{a} => {b}" for a in names for b in names), *(f"{a} => !{b}" for a in names for b in names)]
    rules += [f"{name} => {names[-1]} >= {bound}" for name in names for bound in range(4)]
    for rule in draw(st.lists(st.sampled_from(rules), max_size=3)):
        text += f'[[constraints]]\nrule = "{rule}"\n'
    return text


def fitting(model: FeatureModel, wishes: Mapping[str, Value]) -> list[dict[str, Value]]:
    """The configurations in which the wishes hold; a number that is in and not wished has its default."""
    return [each for each in _tried(model, wishes) if is_valid(model, each)]


def _tried(model: FeatureModel, wishes: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
    values: list[list[Value]] = []
    for name, feature in model.features.items():
        wish = wishes.get(name)
        value = wish if wish is not None and not isinstance(wish, bool) else feature.default
        is_in: Value = True if feature.type is None or value is None else value
        values.append([False] if wish is False else [is_in] if wish is not None else [is_in, False])
    for combination in product(*values):
        yield dict(zip(model.features, combination, strict=True))
