"""Which question comes next."""

from __future__ import annotations

from sarto.cli.choosing.questions import Question, next_question, question_of
from sarto.cli.choosing.state import State

from .models import answer, model, shop


def asked(state: State) -> str | None:
    """The next question in a word: a feature, or the parent of the group."""
    question = next_question(state)
    return None if question is None else question.feature or f"{question.group.parent if question.group else ''}:"


def in_order(state: State) -> list[str]:
    """All questions, each left to the line."""
    found = []
    while (name := asked(state)) is not None:
        found.append(name)
        answer(state, name.rstrip(":") if not name.endswith(":") else _first_member(state), "-")
    return found


def _first_member(state: State) -> str:
    question = next_question(state)
    assert question is not None
    return question.members[0]


def test_questions_come_in_the_order_of_the_tree() -> None:
    assert in_order(shop()) == ["payment:", "page_size", "search", "reviews", "audit"]


def test_the_members_of_a_group_are_asked_for_together() -> None:
    question = next_question(shop())

    assert question is not None
    assert question.group is not None
    assert question.feature is None
    assert question.members == ("card", "invoice", "coins")
    assert not question.takes_one


def test_what_is_below_a_feature_is_asked_for_once_it_is_in() -> None:
    state = shop()
    for feature, text in (("card", "card"), ("page_size", "20"), ("search", "y")):
        answer(state, feature, text)

    question = next_question(state)

    assert question is not None
    assert (question.members, question.takes_one) == (("simple", "full"), True)


def test_what_is_below_a_feature_that_is_out_is_not_asked_for() -> None:
    state = shop()
    for feature, text in (("card", "card"), ("page_size", "20"), ("search", "n")):
        answer(state, feature, text)

    assert asked(state) == "reviews"


def test_what_other_answers_settle_is_not_asked_for() -> None:
    state = State(model('[features.shop]\noptional = ["a", "b"]\n[[constraints]]\nrule = "a => b"\n'))

    answer(state, "a", "y")

    assert next_question(state) is None


def test_a_typed_feature_is_asked_for_its_value_where_it_is_in() -> None:
    state = State(model('[features.shop]\nmandatory = ["size"]\n[features.size]\ntype = "integer"\ndefault = 3\n'))

    assert asked(state) == "size"
    answer(state, "size", "-")
    assert asked(state) is None


def test_a_typed_member_of_a_group_is_asked_for_its_value_after_it_is_chosen() -> None:
    state = State(model('[features.shop]\nor = ["a", "b"]\n[features.a]\ntype = "string"\ndefault = "x"\n'))

    assert asked(state) == "shop:"
    answer(state, "a", "1")
    assert asked(state) == "a"
    answer(state, "a", "y")
    assert asked(state) is None


def test_a_value_without_default_is_asked_for_until_it_is_given() -> None:
    state = State(model('[features.shop]\noptional = ["a"]\nmandatory = ["size"]\n[features.size]\ntype = "real"\n'))
    answer(state, "a", "n")

    assert asked(state) == "size"
    answer(state, "size", "1.5")
    assert asked(state) is None


def test_a_feature_belongs_to_the_question_about_its_group_or_to_its_own() -> None:
    state = shop()
    group = state.model.group_of("coins")
    assert group is not None

    assert question_of(state, "coins") == Question(group, ("card", "invoice", "coins"))
    assert question_of(state, "reviews") == Question("reviews", ("reviews",))
    assert question_of(state, "shop") == Question("shop", ("shop",))


def test_a_deep_tree_is_no_difficulty() -> None:
    tables = "".join(f'[features.f{n}]\nmandatory = ["f{n + 1}"]\n' for n in range(2000))
    state = State(model(f'[features.shop]\nmandatory = ["f0"]\n{tables}[features.f2000]\noptional = ["last"]\n'))

    assert asked(state) == "last"
