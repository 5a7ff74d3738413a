"""Feature models out of TOML, and random ones."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from sarto.model.feature import Feature, Group, GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml

SHOP = """
[line]
root = "shop"

[features.shop]
mandatory = ["payment", "page_size"]
optional = ["search"]
groups = [{ min = 1, max = 2, of = ["mail", "post", "pickup"] }]

[features.payment]
or = ["card", "invoice"]

[features.search]
summary = "Finds <everything>"
alternative = ["plain", "fuzzy"]

[features.page_size]
type = "integer"
minimum = 10
maximum = 100
default = 20

[[constraints]]
rule = "fuzzy => page_size <= 50"
because = "Fuzzy search is slow."

[[constraints]]
rule = "invoice => post"
"""


def shop(more: str = "") -> FeatureModel:
    """The shop, with what the text adds to it."""
    return model_from_toml(SHOP + more, "features.toml")


def flat(*names: str) -> FeatureModel:
    """The first name as root, the others optional below it."""
    features = {name: Feature(name=name) for name in names}
    groups = (Group(names[0], GroupKind.OPTIONAL, names[1:]),) if names[1:] else ()
    return FeatureModel(root=names[0], features=features, groups=groups)


_ANY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_NAMES = _ANY | st.from_regex(r"[A-Za-z_]{1,60}", fullmatch=True)


@st.composite
def feature_models(draw: st.DrawFn, most: int = 30) -> FeatureModel:
    """Trees of any shape, with every kind of group, names of any length and script, some features typed."""
    names = draw(st.lists(_NAMES, min_size=1, max_size=most, unique=True))
    groups: list[Group] = []
    used = 1
    while used < len(names):
        parent = names[draw(st.integers(0, used - 1))]
        members = tuple(names[used : used + draw(st.integers(1, 6))])
        used += len(members)
        low = draw(st.integers(0, len(members)))
        bounds = (low, draw(st.integers(low, len(members))))
        kind = draw(st.sampled_from(GroupKind))
        groups.append(Group(parent, kind, members, *bounds))
    features = {name: Feature(name=name) for name in names}
    for name in draw(st.lists(st.sampled_from(names), max_size=3)):
        features[name] = replace(features[name], type=ValueType.INTEGER, minimum=1, maximum=10**6)
    return FeatureModel(root=names[0], features=features, groups=tuple(groups))
