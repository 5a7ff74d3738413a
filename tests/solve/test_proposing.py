"""Proposals: valid whatever the rules say, with the least left out, held against all subsets of what is wanted."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import Place
from sarto.model.evaluation import is_valid
from sarto.model.expression import FeatureReference, Value
from sarto.model.feature_model import FeatureModel
from sarto.model.line import LineDescription, Rule
from sarto.model.selection import Selection, Wish
from sarto.model.tailoring import tailor
from sarto.solve.conflict import Conflict
from sarto.solve.proposing import Proposal, propose
from sarto.solve.resolution import resolve

from ..model.reading import line

SHOP = """
[features.shop]
mandatory = ["page_size"]
optional = ["audit", "coins", "maps", "search", "reviews"]
[features.page_size]
type = "integer"
minimum = 10
maximum = 100
default = 20
[features.reviews]
stage = "user"
binding = "start"
[[constraints]]
rule = "audit => !coins"
because = "Auditors want paper."
[[constraints]]
rule = "search => page_size <= 50"
because = "Long pages are slow to search."
"""


def shop(*rules: str) -> LineDescription:
    return line(SHOP + "".join(f"[[rules]]\n{rule}\n" for rule in rules))


def proposed(
    described: LineDescription,
    facts: dict[str, Value] | None = None,
    wishes: dict[str, Value] | None = None,
    opened: tuple[str, ...] = (),
    barred: dict[str, Place] | None = None,
) -> Proposal:
    own = Selection(
        line="features.toml",
        customer="Acme",
        file="acme.toml",
        wishes={
            name: Wish(name, value, Place("acme.toml", f"select.{name}")) for name, value in (wishes or {}).items()
        },
        open={name: Place("acme.toml", "open.features[0]") for name in opened},
    )
    tailoring = tailor(described.rules, facts or {})
    return propose(described.model, own, tailoring, lambda each: resolve(described.model, each), barred)


def select(proposal: Proposal) -> dict[str, Value]:
    return {name: wish.value for name, wish in proposal.selection.wishes.items()}


def test_what_the_rules_select_is_proposed_beside_what_the_customer_has_decided() -> None:
    found = proposed(
        shop('when = "listed"\nselect = { audit = true, page_size = 50 }\nbecause = "Law."'),
        {"listed": True},
        {"maps": True},
    )
    assert select(found) == {"maps": True, "audit": True, "page_size": 50}
    assert [(each.feature, each.value) for each in found.followed] == [("audit", True), ("page_size", 50)]
    assert found.left_out == ()


def test_of_two_rules_that_disagree_the_earlier_stays_and_the_other_is_reported() -> None:
    rules = (
        'when = "a"\nselect = { audit = true }\nbecause = "x"',
        'when = "a"\nselect = { audit = false, maps = true }\nbecause = "y"',
    )
    found = proposed(shop(*rules), {"a": True})
    assert select(found) == {"audit": True}
    (left,) = found.left_out
    assert isinstance(left.of, Rule)
    assert (str(left.of.where), left.reasons) == (
        "features.toml: rules[1]",
        (
            "'audit' is selected (features.toml: rules[0].select.audit)",
            "'audit' is deselected (features.toml: rules[1].select.audit)",
        ),
    )


def test_the_heavier_of_two_rules_stays() -> None:
    rules = (
        'when = "a"\nselect = { audit = true }\nbecause = "x"',
        'when = "a"\nselect = { coins = true }\nbecause = "y"\nweight = 2',
    )
    assert select(proposed(shop(*rules), {"a": True})) == {"coins": True}


def test_many_light_rules_outweigh_a_heavier_one() -> None:
    light = 'when = "a"\nselect = { coins = true }\nbecause = "y"'
    rules = ('when = "a"\nselect = { audit = true }\nbecause = "x"\nweight = 2', light, light, light)
    assert select(proposed(shop(*rules), {"a": True})) == {"coins": True}


def test_a_rule_that_would_break_the_model_is_left_out_with_the_conflict_in_words() -> None:
    rules = (
        'when = "a"\nselect = { search = true }\nbecause = "x"',
        'when = "a"\nselect = { page_size = 80 }\nbecause = "y"',
    )
    found = proposed(shop(*rules), {"a": True})
    assert (select(found), [left.reasons for left in found.left_out]) == (
        {"search": True},
        [
            (
                "'search' is selected (features.toml: rules[0].select.search)",
                "'page_size' is set to 80 (features.toml: rules[1].select.page_size)",
                "the constraint search => page_size <= 50 (features.toml: constraints[1].rule): "
                "Long pages are slow to search",
            )
        ],
    )


def test_what_the_customer_has_decided_outweighs_all_rules_together() -> None:
    rules = ['when = "a"\nselect = { audit = true }\nbecause = "x"\nweight = 1000'] * 3
    found = proposed(shop(*rules), {"a": True}, {"coins": True})
    assert (select(found), len(found.left_out)) == ({"coins": True}, 3)


def test_a_rule_of_the_vendors_outweighs_what_the_customer_has_decided() -> None:
    found = proposed(
        shop('when = "a"\nselect = { audit = true }\nbecause = "x"\nstage = "vendor"'),
        {"a": True},
        {"coins": True, "maps": True},
    )
    assert select(found) == {"maps": True, "audit": True}
    assert [left.of for left in found.left_out] == [Wish("coins", True)]


def test_what_is_left_to_the_end_user_stays_so_unless_a_rule_is_the_vendors() -> None:
    rule = 'when = "a"\nselect = { reviews = true }\nbecause = "x"'
    kept = proposed(shop(rule), {"a": True}, opened=("reviews",))
    assert (select(kept), [*kept.selection.open]) == ({}, ["reviews"])
    assert kept.left_out[0].reasons == (
        "'reviews' is left to the end user (acme.toml: open.features[0])",
        "'reviews' is selected (features.toml: rules[0].select.reviews)",
    )
    decided = proposed(shop(rule + '\nstage = "vendor"'), {"a": True}, opened=("reviews",))
    assert (select(decided), [*decided.selection.open]) == ({"reviews": True}, [])


def test_what_no_licence_covers_is_in_no_proposal_whoever_asks_for_it() -> None:
    barred = {"maps": Place("acme.licence", "no licence covers 'maps'")}
    rules = (
        'when = "a"\nselect = { maps = true }\nbecause = "x"',
        'when = "a"\nselect = { audit = true }\nbecause = "y"',
    )
    found = proposed(shop(*rules), {"a": True}, barred=barred)
    assert (select(found), found.barred) == ({"audit": True}, {})
    assert found.left_out[0].reasons[-1] == "acme.licence: no licence covers 'maps'"


def test_a_feature_that_no_licence_covers_is_taken_out_where_the_line_would_have_it_by_default() -> None:
    described = line("[features.shop]\noptional = ['maps', 'audit']\n[features.maps]\ndefault = true\n")
    found = proposed(described, barred={"maps": Place("acme.licence", "no licence covers 'maps'")})
    assert (select(found), found.barred) == ({"maps": False}, {"maps": "no licence covers 'maps'"})


def test_a_product_that_cannot_be_without_what_no_licence_covers_is_refused() -> None:
    described = line("[features.shop]\nmandatory = ['maps']\n")
    with pytest.raises(Conflict):
        proposed(described, barred={"maps": Place("acme.licence", "no licence covers 'maps'")})


def test_a_profile_that_gives_way_to_the_vendor_is_overridden_in_the_selection_itself() -> None:
    described = shop('when = "a"\nselect = { audit = true }\nbecause = "x"\nstage = "vendor"\nweight = 2')
    own = Selection(
        line="features.toml", customer="Acme", file="acme.toml",
        wishes={"coins": Wish("coins", True, Place("europe.toml", "select.coins"))},
    )  # fmt: skip
    tailoring = tailor(described.rules, {"a": True})
    found = propose(described.model, own, tailoring, lambda each: resolve(described.model, each))
    assert select(found) == {"audit": True, "coins": False}
    assert found.selection.wishes["coins"].where.file == ""


NAMES = ("a", "b", "c", "d", "e")
LITERALS = st.tuples(st.sampled_from(NAMES), st.booleans())
RULES = st.tuples(
    st.dictionaries(st.sampled_from(NAMES), st.booleans(), min_size=1, max_size=2), st.integers(1, 3), st.booleans()
)


def free_line(clauses: list[tuple[tuple[str, bool], tuple[str, bool]]]) -> FeatureModel:
    written = (" | ".join(name if value else f"!{name}" for name, value in clause) for clause in clauses)
    rules = "".join(f"[[constraints]]\nrule = '{clause}'\nbecause = 'x'\n" for clause in written)
    return line(f"[features.shop]\noptional = {list(NAMES)}\n{rules}").model


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(LITERALS, LITERALS), max_size=4),
    st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=2),
    st.lists(RULES, max_size=4),
)
def test_what_is_left_out_is_the_least_of_all_that_could_be(
    clauses: list[tuple[tuple[str, bool], tuple[str, bool]]],
    wishes: dict[str, bool],
    rules: list[tuple[dict[str, bool], int, bool]],
) -> None:
    model = free_line(clauses)
    asked = tuple(
        Rule(
            FeatureReference("t"),
            dict(chosen),
            "y",
            Place("f", f"rules[{number}]"),
            theirs,
            weight,
        )
        for number, (chosen, weight, theirs) in enumerate(rules)
    )
    own = Selection(line="f", customer="Acme", file="acme.toml", wishes={n: Wish(n, v) for n, v in wishes.items()})
    if not _goes(model, []):
        return
    found = propose(model, own, tailor(asked, {"t": True}), lambda each: resolve(model, each))
    assert is_valid(model, found.resolution.configuration)
    ranks = [(1, 1, [(name, value)]) for name, value in wishes.items()]
    ranks += [(2 if theirs else 0, weight, list(chosen.items())) for chosen, weight, theirs in rules]
    best = min(
        _cost([ranks[place] for place in range(len(ranks)) if place not in kept])
        for size in range(len(ranks) + 1)
        for kept in combinations(range(len(ranks)), size)
        if _goes(model, [literal for place in kept for literal in ranks[place][2]])
    )
    out: list[tuple[int, int, list[tuple[str, bool]]]] = [
        (2 if each.of.is_vendors else 0, each.of.weight, []) if isinstance(each.of, Rule) else (1, 1, [])
        for each in found.left_out
    ]
    assert _cost(out) == best
    decided = found.resolution.configuration
    assert all(decided[each.feature] is each.value for each in found.followed)


def _cost(left: list[tuple[int, int, list[tuple[str, bool]]]]) -> tuple[int, int, int]:
    vendor, customer, rule = (sum(weight for voice, weight, _ in left if voice == each) for each in (2, 1, 0))
    return vendor, customer, rule


def _goes(model: FeatureModel, literals: list[tuple[str, bool]]) -> bool:
    decided = dict(literals)
    if any(decided[name] is not value for name, value in literals):
        return False
    free = [name for name in NAMES if name not in decided]
    return any(
        is_valid(model, {"shop": True, **decided, **{name: name in chosen for name in free}})
        for size in range(len(free) + 1)
        for chosen in combinations(free, size)
    )
