"""Random expressions, models, lines and selections with everything that their files can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from sarto.errors import Place
from sarto.model.cosmetics import BrandValue, Contrast, Cosmetic, CosmeticType
from sarto.model.expression import (
    Aggregate,
    And,
    Arithmetic,
    AttributeReference,
    Compare,
    Expression,
    FeatureReference,
    Function,
    Iff,
    Implies,
    Not,
    Number,
    Or,
    Text,
    Value,
)
from sarto.model.feature import Binding, Constraint, Delivery, Feature, Group, GroupKind, OnFailure, Stage, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.interaction import Interaction, constraints_of
from sarto.model.line import (
    CoreProduct,
    LicencePolicy,
    LineDescription,
    Rule,
    SettingsRoute,
    UnknownLicence,
    UsagePolicy,
)
from sarto.model.selection import Selection, Target, Wish

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), exclude_characters="\"'")
LANGUAGES = ("en", "it", "pt-BR")
TEXTS = st.text(LETTERS, max_size=8)
LICENCES = st.sampled_from(["MIT", "GPL-*", "GPL-3.0-only", "Apache-2.0 WITH LLVM-exception", "LicenseRef-Acme"])
LINES_OF_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=8)
NAMES = st.text(LETTERS, min_size=1, max_size=6).filter(lambda text: text == text.strip() and text[0] not in "#!")
INTEGERS = st.integers(-(2**63), 2**63 - 1)
NUMBERS = st.one_of(INTEGERS, st.floats(allow_nan=False, allow_infinity=False))
ATTRIBUTES = {"price": NUMBERS, "memory mb": NUMBERS, "size": st.fixed_dictionaries({"width": NUMBERS})}
PATHS = ["price", "memory mb", "size.width"]
REQUIREMENTS = ["datasette>=0.65,<1", "uv", "rich ; python_version < '3.12'", "x[y]==1.*"]
MORE = st.recursive(
    st.one_of(st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(LETTERS, max_size=4), inner, max_size=2),
    max_leaves=4,
)


def values(names: Sequence[str], texts: st.SearchStrategy[str] | None) -> st.SearchStrategy[Expression]:
    """Arithmetic over numbers, features and their attributes; and over texts, where they are given."""
    feature, attribute = st.sampled_from(names), st.sampled_from(PATHS)
    leaves: list[st.SearchStrategy[Expression]] = [
        NUMBERS.map(Number),
        feature.map(FeatureReference),
        st.builds(AttributeReference, feature, attribute),
        st.builds(Aggregate, st.sampled_from(["sum", "avg"]), attribute, st.none() | feature),
    ]
    functions = ["floor", "ceil"]
    if texts is not None:
        leaves.append(texts.map(Text))
        functions.append("len")
    return st.recursive(
        st.one_of(leaves),
        lambda inner: st.one_of(
            st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner),
            st.builds(Function, st.sampled_from(functions), inner),
        ),
        max_leaves=4,
    )


def expressions(names: Sequence[str], texts: st.SearchStrategy[str] | None = TEXTS) -> st.SearchStrategy[Expression]:
    """Any expression that the grammar can write, over the names."""
    inside = values(names, texts)
    comparisons = st.builds(Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inside, inside)
    return st.recursive(
        st.one_of(st.sampled_from(names).map(FeatureReference), comparisons),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(And),
            st.lists(inner, min_size=2, max_size=3).map(tuple).map(Or),
            st.builds(Implies, inner, inner),
            st.builds(Iff, inner, inner),
        ),
        max_leaves=8,
    )


@st.composite
def features(draw: st.DrawFn, name: str, others: Sequence[str]) -> Feature:
    """A feature with anything that its table can say."""
    kind = draw(st.none() | st.sampled_from(list(ValueType)))
    low, high = _bounds(draw, kind)
    more = draw(st.dictionaries(st.text(LETTERS, max_size=4), MORE, max_size=2))
    known = {key: draw(value) for key, value in ATTRIBUTES.items()}
    return Feature(
        name=name,
        summary=draw(TEXTS),
        type=kind,
        minimum=low,
        maximum=high,
        default=draw(st.none() | _fitting(kind, low, high)),
        attributes=more | known,
        abstract=draw(st.booleans()),
        instances=draw(st.none() | st.tuples(st.integers(0, 2), st.none() | st.integers(2, 3))),
        stage=draw(st.sampled_from(list(Stage))),
        delivery=draw(deliveries(others)),
    )


def _bounds(draw: st.DrawFn, kind: ValueType | None) -> tuple[int | float | None, int | float | None]:
    if kind not in (ValueType.INTEGER, ValueType.REAL):
        return None, None
    numbers = INTEGERS if kind is ValueType.INTEGER else NUMBERS
    low, high = draw(st.none() | numbers), draw(st.none() | numbers)
    return (high, low) if low is not None and high is not None and low > high else (low, high)


def _fitting(
    kind: ValueType | None, low: int | float | None, high: int | float | None
) -> st.SearchStrategy[Value | None]:
    """Defaults of a feature: the bounds themselves where it has some."""
    if kind in (ValueType.INTEGER, ValueType.REAL):
        return st.sampled_from([low, high])
    return st.booleans() if kind is None else TEXTS


@st.composite
def deliveries(draw: st.DrawFn, others: Sequence[str]) -> Delivery:
    """How a feature reaches a build."""
    some = st.lists(st.sampled_from(others), max_size=2, unique=True).map(tuple) if others else st.just(())
    on_failure = draw(st.sampled_from(list(OnFailure)))
    return Delivery(
        parts=tuple(draw(st.lists(st.sampled_from(REQUIREMENTS), max_size=2, unique=True))),
        binding=draw(st.sampled_from(list(Binding))),
        setting=draw(TEXTS),
        before=draw(some),
        after=draw(some),
        on_failure=on_failure,
        failures=draw(st.integers(1, 9)) if on_failure is OnFailure.QUARANTINE else Delivery().failures,
        licensed=draw(st.booleans()),
    )


@st.composite
def models(draw: st.DrawFn) -> FeatureModel:
    """Feature models with groups of all kinds, several of one kind under a feature among them."""
    names = draw(st.lists(NAMES, min_size=1, max_size=7, unique=True))
    groups: list[Group] = []
    rest = names[1:]
    while rest:
        size = draw(st.integers(1, len(rest)))
        low = draw(st.integers(0, size))
        parent = draw(st.sampled_from(names[: len(names) - len(rest)]))
        kind = draw(st.sampled_from(list(GroupKind)))
        groups.append(Group(parent, kind, tuple(rest[:size]), low, draw(st.integers(low, size))))
        rest = rest[size:]
    found = {name: draw(features(name, [other for other in names if other != name])) for name in names}
    numeric = [name for name in names if found[name].type is not ValueType.STRING and not _hides(name, names)]
    rules = draw(st.lists(expressions(numeric, None), max_size=3)) if numeric else []
    constraints = tuple(Constraint(rule, draw(TEXTS)) for rule in rules)
    return FeatureModel(root=names[0], features=found, groups=tuple(groups), constraints=constraints)


def _hides(name: str, names: Sequence[str]) -> bool:
    """Whether an attribute of the feature would be written as another feature is."""
    return any(other.startswith(f"{name}.") for other in names)


@st.composite
def lines(draw: st.DrawFn) -> LineDescription:
    """Lines with all that stands around their model."""
    model = draw(models())
    settled = draw(interactions(list(model.features)))
    model = replace(model, constraints=(*model.constraints, *constraints_of(settled)))
    pairs = st.tuples(st.sampled_from(["", "3.11", "host"]), st.sampled_from(["", "win_amd64", "host"]))
    targets = draw(st.lists(pairs.filter(any), max_size=3, unique=True))
    said = st.booleans() | st.integers(-9, 9) | LINES_OF_TEXT
    told = st.dictionaries(st.sampled_from(["base", "a key"]), said, max_size=2)
    return LineDescription(
        name=draw(st.sampled_from(["shop", "big-shop", "größe 2"])),
        version=draw(LINES_OF_TEXT),
        summary=draw(TEXTS),
        licence_key="0123456789abcdef" * 4,
        signing_key="fedcba9876543210" * 4,
        model=model,
        core=CoreProduct(
            parts=tuple(draw(st.lists(st.sampled_from(REQUIREMENTS), min_size=1, max_size=2, unique=True))),
            command="shop",
            group=draw(TEXTS),
            hooks=draw(TEXTS),
            ordered=tuple(draw(st.lists(LINES_OF_TEXT, max_size=2, unique=True))),
            sources=tuple(draw(st.lists(LINES_OF_TEXT, max_size=2, unique=True))),
            settings=SettingsRoute(
                arguments=draw(st.sampled_from([(), ("--set", "{name}", "{value}")])),
                command=draw(TEXTS),
                but_not=tuple(draw(st.lists(LINES_OF_TEXT, max_size=2, unique=True))),
                environment=draw(st.sampled_from(["", "SHOP_{NAME}"])),
            ),
        ),
        targets=tuple(Target(*pair) for pair in targets),
        cosmetics=draw(cosmetics()),
        languages=LANGUAGES,
        formats=draw(st.dictionaries(st.sampled_from(["oci", "a b"]), told, max_size=2)),
        interactions=settled,
        rules=tuple(draw(st.lists(rules(model), max_size=2))),
        usage=draw(st.just(UsagePolicy()) | usages(model)),
        licences=LicencePolicy(
            deny=tuple(draw(st.lists(LICENCES, max_size=2, unique=True))),
            allow=tuple(draw(st.lists(LICENCES, max_size=2, unique=True))),
            unknown=draw(st.sampled_from([None, *UnknownLicence])),
            parts=draw(st.dictionaries(st.sampled_from(["one", "other-part"]), st.just("MIT OR ISC"))),
        ),
    )


@st.composite
def interactions(draw: st.DrawFn, names: Sequence[str]) -> tuple[Interaction, ...]:
    """Interactions that are settled in each way, over features of which there are three or more."""
    if len(names) < 3:
        return ()
    groups = st.lists(st.sampled_from(names), min_size=2, max_size=len(names) - 1, unique=True).map(tuple)
    found = []
    for between in draw(st.lists(groups, max_size=2, unique_by=frozenset)):
        others = [name for name in names if name not in between]
        way = draw(st.sampled_from(["order", "exclude", "resolved_by"]))
        found.append(
            Interaction(
                between=between,
                order=tuple(draw(st.permutations(between))) if way == "order" else (),
                exclude=way == "exclude",
                resolved_by=draw(st.sampled_from(others)) if way == "resolved_by" else "",
                because=draw(LINES_OF_TEXT),
            )
        )
    return tuple(found)


@st.composite
def cosmetics(draw: st.DrawFn) -> Mapping[str, Cosmetic]:
    """Slots of every type, with bounds."""
    by_language = st.dictionaries(st.sampled_from(LANGUAGES), TEXTS, min_size=1)
    fillings: dict[CosmeticType, st.SearchStrategy[BrandValue]] = {
        CosmeticType.TEXT: TEXTS | by_language,
        CosmeticType.COLOUR: st.just("#1e90ff"),
        CosmeticType.COMMAND: st.just("acme-data"),
    }
    found: dict[str, Cosmetic] = {}
    for name in draw(st.lists(st.sampled_from(["title", "colour", "the logo", "mark", "page"]), unique=True)):
        kind = draw(st.sampled_from(list(CosmeticType)))
        if kind is CosmeticType.COMMAND and any(other.type is kind for other in found.values()):
            continue
        files = st.just("page.html") if kind is CosmeticType.TEMPLATE else st.sampled_from(["", "logo.png"])
        found[name] = Cosmetic(name, kind, draw(fillings.get(kind, files)), draw(TEXTS), **draw(bounds(kind)))
    return found


def bounds(kind: CosmeticType) -> st.SearchStrategy[dict[str, Any]]:
    """What a slot of this type can ask for beside it."""
    largest = st.none() | st.integers(1, 16384)
    kinds = st.lists(st.sampled_from(["svg", "png"]), unique=True).map(tuple)
    # the colour of these slots, #1e90ff, has 3.23:1 on white
    contrasts = st.lists(st.builds(Contrast, st.just("#ffffff"), st.floats(1, 3.2)), max_size=2).map(tuple)
    match kind:
        case CosmeticType.TEXT:
            return st.fixed_dictionaries({"longest": st.none() | st.integers(8, 1000)})
        case CosmeticType.COLOUR:
            return st.fixed_dictionaries({"contrast": contrasts})
        case CosmeticType.IMAGE:
            return st.fixed_dictionaries({"largest_kb": largest, "kinds": kinds})
        case CosmeticType.ICON:
            sizes = st.lists(st.integers(1, 512), unique=True, max_size=3).map(tuple)
            return st.fixed_dictionaries({"largest_kb": largest, "kinds": kinds, "sizes": sizes})
        case CosmeticType.FILE:
            return st.fixed_dictionaries({"largest_kb": largest})
    return st.just({})


@st.composite
def rules(draw: st.DrawFn, model: FeatureModel) -> Rule:
    """A rule over facts that selects features of the model."""
    conditions: list[Expression] = [Compare("==", FeatureReference("region"), Text("EU")), FeatureReference("a fact")]
    when = draw(st.sampled_from(conditions))
    is_vendors, weight = draw(st.booleans()), draw(st.integers(1, 1000))
    return Rule(when, draw(decisions(model)), draw(LINES_OF_TEXT), is_vendors=is_vendors, weight=weight)


@st.composite
def usages(draw: st.DrawFn, model: FeatureModel) -> UsagePolicy:
    """What a line lets its products record."""
    names = st.dictionaries(LINES_OF_TEXT, st.sampled_from(sorted(model.features)), max_size=2)
    return UsagePolicy(
        record=draw(st.sampled_from([("reached",), ("calls", "reached")])),
        days=draw(st.integers(1, 3660)),
        commands=draw(names),
        points=draw(names),
    )


@st.composite
def decisions(draw: st.DrawFn, model: FeatureModel) -> dict[str, Value]:
    """Values that fit some of the model's features."""
    found: dict[str, Value] = {}
    for name in draw(st.lists(st.sampled_from(list(model.features)), max_size=4, unique=True)):
        feature = model.features[name]
        default = draw(_fitting(feature.type, feature.minimum, feature.maximum))
        found[name] = False if default is None else default
    return found


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Selections as a person would write them, without profiles."""
    names = draw(st.lists(NAMES, max_size=6, unique=True))
    split = draw(st.integers(0, len(names)))
    goals = draw(st.lists(LINES_OF_TEXT, max_size=3, unique=True))
    cut = draw(st.integers(0, len(goals)))
    choices: st.SearchStrategy[Any] = st.one_of(st.booleans(), NUMBERS, TEXTS)
    return Selection(
        line=draw(LINES_OF_TEXT),
        customer=draw(LINES_OF_TEXT),
        file="acme.toml",
        wishes={name: Wish(name, draw(choices)) for name in names[:split]},
        open={name: Place() for name in names[split:]},
        minimise=tuple(goals[:cut]),
        maximise=tuple(goals[cut:]),
        language=draw(st.sampled_from(["", "it", "pt-BR", "zh-Hant"])),
        brand=draw(
            st.dictionaries(
                LINES_OF_TEXT, TEXTS | st.dictionaries(LINES_OF_TEXT, TEXTS, min_size=1, max_size=2), max_size=2
            )
        ),
        consent=draw(st.sampled_from([{}, {"usage": True}, {"usage": False}])),
        target=Target(draw(st.sampled_from(["", "3.12"])), draw(st.sampled_from(["", "win_amd64"]))),
    )
