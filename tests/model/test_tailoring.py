"""Facts about a customer, and what the rules of a line make of them."""

from __future__ import annotations

import pytest
from sarto.errors import SartoError
from sarto.model.expression import Value
from sarto.model.facts import read_facts
from sarto.model.line import Rule
from sarto.model.tailoring import MissingFact, Skipped, Tailored, tailor

from .reading import line

LINE = """
[features.shop]
optional = ["tokens", "audit", "maps", "page_size"]
[features.page_size]
type = "integer"
[[rules]]
when = "region == 'EU' & employees > 50"
select = { tokens = true, page_size = 50 }
because = "Large companies in the EU have to log who reads."
[[rules]]
when = "insured | company.listed"
select = { audit = true }
because = "Who is insured or listed is audited."
[[rules]]
when = "employees <= 50"
select = { maps = true }
because = "Small companies start with the maps."
"""

FACTS: dict[str, Value] = {"region": "EU", "employees": 120, "insured": False, "company.listed": True}


def rules(*texts: str) -> tuple[Rule, ...]:
    return line("[features.shop]\noptional = ['a', 'b']\n" + "".join(f"[[rules]]\n{text}\n" for text in texts)).rules


def said_of(given: tuple[Rule, ...], facts: dict[str, Value]) -> list[str]:
    with pytest.raises(SartoError) as caught:
        tailor(given, facts)
    return [str(error).removeprefix("features.toml: ") for error in caught.value.errors]


def test_facts_are_read_with_dotted_names() -> None:
    text = 'region = "EU"\nemployees = 120\nrate = 0.5\n[company]\nlisted = true\n[company.address]\ncity = "Urbino"\n'
    assert read_facts(text, "acme.facts.toml") == {
        "region": "EU",
        "employees": 120,
        "rate": 0.5,
        "company.listed": True,
        "company.address.city": "Urbino",
    }


def test_what_is_no_fact_is_reported() -> None:
    with pytest.raises(SartoError) as caught:
        read_facts('since = 2020-01-01\n[company]\nsites = ["a"]\nsize = inf\n"a.b" = 1\na = { b = 2 }\n', "facts.toml")
    assert str(caught.value).splitlines() == [
        "facts.toml: since: expected true, false, a number or a text, but found a date or time",
        "facts.toml: company.sites: expected true, false, a number or a text, but found a list",
        "facts.toml: company.size: expected true, false, a number or a text, but found inf",
        "facts.toml: company.a.b: the fact 'company.a.b' is there twice",
    ]


def test_a_rule_fires_where_its_condition_holds_and_tells_the_facts_that_it_looked_at() -> None:
    given = line(LINE).rules
    result = tailor(given, FACTS)
    assert result.decisions == (
        Tailored("tokens", True, given[0], (("region", "EU"), ("employees", 120))),
        Tailored("page_size", 50, given[0], (("region", "EU"), ("employees", 120))),
        Tailored("audit", True, given[1], (("insured", False), ("company.listed", True))),
    )
    assert result.skipped == ()
    assert result.select == {"tokens": True, "page_size": 50, "audit": True}


def test_a_rule_whose_facts_are_missing_is_skipped_and_says_which() -> None:
    given = line(LINE).rules
    result = tailor(given, {"regoin": "EU", "employees": 20})
    assert result.select == {"maps": True}
    assert result.skipped == (
        Skipped(given[0], (MissingFact("region", "did you mean 'regoin'?"),)),
        Skipped(given[1], (MissingFact("insured"), MissingFact("company.listed"))),
    )


def test_without_rules_nothing_follows() -> None:
    assert tailor((), FACTS).decisions == ()


def test_rules_that_disagree_both_stand_there_and_the_first_counts() -> None:
    given = rules(
        "when = \"region == 'EU'\"\nselect = { a = true, b = true }\nbecause = 'x'",
        "when = 'employees > 100'\nselect = { a = false, b = true }\nbecause = 'y'",
    )
    result = tailor(given, {"region": "EU", "employees": 120})
    assert [(each.feature, each.value) for each in result.decisions] == [
        ("a", True), ("b", True), ("a", False), ("b", True),
    ]  # fmt: skip
    assert result.select == {"a": True, "b": True}


def test_why_a_fact_is_of_its_kind_stands_in_the_hint() -> None:
    given = rules("when = 'employees > 100'\nselect = { a = true }\nbecause = 'y'")
    with pytest.raises(SartoError) as caught:
        tailor(given, {"employees": "80"}, {"employees": "the column is of texts", "region": "not asked for"})
    assert caught.value.hint == "the facts say employees = '80'; of 'employees' the column is of texts"


def test_rules_over_thousands_of_facts_are_tried_at_once() -> None:
    given = rules(*(f"when = 'fact{n} > 1 & other{n}'\nselect = {{ a = true }}\nbecause = 'y'" for n in range(300)))
    facts: dict[str, Value] = {f"fact{n}": n for n in range(5000)}
    result = tailor(given, facts)
    assert (len(result.skipped), len([s for s in result.skipped if s.missing[0].hint])) == (300, 0)
    assert len(tailor(given, facts | {f"other{n}": True for n in range(5000)}).decisions) == 298


def test_rules_that_agree_stand_beside_one_another() -> None:
    given = rules(
        "when = 'x'\nselect = { a = true }\nbecause = 'x'", "when = 'y'\nselect = { a = true }\nbecause = 'y'"
    )
    result = tailor(given, {"x": True, "y": True})
    assert [decision.rule.because for decision in result.decisions] == ["x", "y"]
    assert result.select == {"a": True}


@pytest.mark.parametrize(
    ("when", "facts", "said"),
    [
        ("employees > 50", {"employees": "many"},
         "'employees' is a text and '50' is a number, which '>' cannot compare\n  hint: the facts say"
         " employees = 'many'"),
        ("employees", {"employees": 3},
         "'employees' is a number, where true or false is needed\n  hint: the facts say employees = 3"),
        ("!region => x", {"region": "EU", "x": True},
         "'region' is a text, where true or false is needed\n  hint: the facts say region = 'EU', x = true"),
        ("insured == 1", {"insured": True},
         "'insured' is true or false, where '==' needs a number\n  hint: the facts say insured = true"),
        ("len(employees) > 1", {"employees": 3},
         "'employees' is a number, where 'len' needs a text\n  hint: the facts say employees = 3"),
    ],
)  # fmt: skip
def test_a_fact_of_the_wrong_kind_is_an_error_rather_than_a_rule_that_never_fires(
    when: str, facts: dict[str, Value], said: str
) -> None:
    given = rules(f"when = '{when}'\nselect = {{ a = true }}\nbecause = 'x'")
    assert said_of(given, facts) == [f"rules[0].when: {said}"]


@pytest.mark.parametrize(
    ("when", "fires"),
    [
        ("x", True), ("!y", True), ("x & y", False), ("x => y", False), ("y => x", True), ("x <=> y", False),
        ("size * 2 == 7", True), ("size / 0 == 7", False), ("floor(size) == 3", True), ("len(name) == 4", True),
        ("name < 'B'", True),
    ],
)  # fmt: skip
def test_conditions_mean_what_constraints_mean(when: str, fires: bool) -> None:
    given = rules(f'when = "{when}"\nselect = {{ a = true }}\nbecause = "x"')
    facts: dict[str, Value] = {"x": True, "y": False, "size": 3.5, "name": "Acme"}
    assert bool(tailor(given, facts).decisions) == fires
