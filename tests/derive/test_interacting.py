"""Interactions: which are found among real plugins, what is proved of them, and how a line settles them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.solve.soundness import Finding

from .hall import HOOKS, LINE, check, hall, plugin, told

FIRST = HOOKS.replace("@hookspec\ndef song", "@hookspec(firstresult=True)\ndef song")
HEAD = "from hall_hooks import hookimpl\n"
SONG = f"{HEAD}@hookimpl\ndef song(): ...\n"
TWO = 'optional = ["one", "two", "glue"]\n[features.one]\nparts = ["hall-one"]\n[features.two]\nparts = ["hall-two"]\n'
SIDES = (
    "'one' does it with part 'hall-one' 1.0 in hall_one.py:2",
    "'two' does it with part 'hall-two' 1.0 in hall_two.py:2",
)
SETTLE = 'settle it: [[interactions]] between = ["one", "two"], with order, exclude = true or resolved_by, and because'
BOTH = "it is so with the selection { one = true, two = true }"


def found(folder: Path, one: str = SONG, two: str = SONG, *, line: str = "", hooks: str = FIRST) -> tuple[Finding, ...]:
    hall(folder, TWO + line, hooks=hooks)
    plugin(folder, "one", one)
    plugin(folder, "two", two)
    return check(folder)


def settled(way: str) -> str:
    return f'[[interactions]]\nbetween = ["one", "two"]\n{way}\nbecause = "Songs go first."\n'


def marked(text: str, name: str = "song", arguments: str = "") -> str:
    return f"{HEAD}@hookimpl({text})\ndef {name}({arguments}):\n    return (yield)\n"


def variant(kind: str, name: str = "song", arguments: str = "", returns: str = "") -> str:
    """A plugin with what the runtime's mark leaves on a function."""
    arrow = f" -> {returns}" if returns else ""
    lines = f"def {name}({arguments}){arrow}: ...\n{name}.__sarto_variant__ = ({kind!r}, {name!r})\n"
    return f"{HEAD}@hookimpl\n{lines}"


def test_two_that_give_one_result_meet_and_the_smallest_selection_is_named(tmp_path: Path) -> None:
    (finding,) = found(tmp_path)
    assert finding.what == (
        "features 'one' and 'two' both give the one result of the hook 'song', and nothing says whose result it is"
    )
    assert (finding.severity, finding.kind, str(finding.where)) == (
        "warning", "interaction", "features.toml: features.two",
    )  # fmt: skip
    assert finding.because == (*SIDES, BOTH)
    assert finding.hint == SETTLE


def test_where_each_result_counts_there_is_no_interaction(tmp_path: Path) -> None:
    assert found(tmp_path, hooks=HOOKS) == ()


def test_features_that_exclude_each_other_are_proved_apart_with_the_rule(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, line='[[constraints]]\nrule = "one => !two"\nbecause = "One song."\n')
    assert finding.severity == "note"
    assert finding.what == (
        "features 'one' and 'two' both give the one result of the hook 'song', and no product has both"
    )
    assert finding.because == (*SIDES, "the constraint one => !two (features.toml: constraints[0].rule): One song")


def test_an_order_through_a_feature_that_need_not_be_there_does_not_settle_it(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, line='[features.glue]\nbefore = ["two"]\nafter = ["one"]\n')
    assert finding.severity == "warning"
    assert finding.because[2:] == ("it is so with the selection { one = true, two = true, glue = false }",)


def test_an_order_in_the_features_own_words_settles_it(tmp_path: Path) -> None:
    hall(tmp_path, TWO.replace('["hall-one"]', '["hall-one"]\nbefore = ["two"]'), hooks=FIRST)
    for name in "one", "two":
        plugin(tmp_path, name, SONG)
    (finding,) = check(tmp_path)
    assert finding.what.endswith(", and the line orders them")
    assert finding.because[2:] == ("'one' is before 'two' (features.toml: features.one.before)",)


def test_an_interaction_that_the_line_orders_is_a_note_at_its_table(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, line=settled('order = ["two", "one"]'))
    assert (finding.severity, str(finding.where)) == ("note", "features.toml: interactions[0]")
    assert finding.because[2:] == ("'two' is before 'one' (features.toml: interactions[0].order)",)


def test_an_exclusion_makes_it_impossible_and_its_reason_is_the_proof(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, line=settled("exclude = true"))
    assert finding.what.endswith(", and no product has both")
    assert finding.because[2:] == (
        "the constraint one => !two (features.toml: interactions[0].exclude): Songs go first",
    )


def test_a_feature_that_resolves_it_settles_it(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, line=settled('resolved_by = "glue"'))
    assert finding.severity == "note"
    assert finding.what.endswith(", and 'glue' resolves it")
    assert finding.because[2:] == (
        "the constraint one & two => glue (features.toml: interactions[0].resolved_by): Songs go first",
    )


def test_what_pluggy_orders_by_its_marks_is_a_note_that_says_so(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, two=SONG.replace("@hookimpl", "@hookimpl(tryfirst=True)"))
    assert finding.what.endswith(", and pluggy orders them")
    assert finding.because[2:] == ("'two' is marked tryfirst, the other is not marked",)


CHANGE = "features 'one' and 'two' both change the {} of the hook 'greeting', and nothing says which is called first"
WRAPPED = marked("wrapper=True", "greeting", "guest")


@pytest.mark.parametrize(
    ("one", "two", "what"),
    [
        (WRAPPED, WRAPPED, "result"),
        (WRAPPED, marked("hookwrapper=True", "greeting"), "result"),
        (WRAPPED, variant("after", "greeting"), "result"),
        (WRAPPED, variant("around", "greeting"), "result"),
        (variant("around", "greeting"), variant("around", "greeting"), "arguments and the result"),
        (variant("before", "greeting"), variant("around", "greeting"), "arguments"),
        (variant("before", "greeting"), variant("before", "greeting"), "arguments"),
    ],
)
def test_two_that_change_the_same_are_an_interaction(tmp_path: Path, one: str, two: str, what: str) -> None:
    (finding,) = found(tmp_path, one, two)
    assert (finding.severity, finding.what) == ("warning", CHANGE.format(what))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (variant("before", "greeting"), variant("after", "greeting")),
        (variant("before", "greeting", returns="None"), variant("before", "greeting")),
        (variant("add", "greeting"), variant("add", "greeting")),
        (WRAPPED, SONG),
        (WRAPPED, f"{HEAD}@hookimpl\ndef greeting(): ...\n"),
        (variant("replace", "greeting"), variant("around", "greeting")),
    ],
)
def test_two_that_change_different_things_are_none(tmp_path: Path, one: str, two: str) -> None:
    assert found(tmp_path, one, two) == ()


def test_of_two_that_replace_one_function_one_does_nothing_which_is_an_error(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, variant("replace"), variant("replace"))
    assert (finding.severity, finding.what) == (
        "error", "features 'one' and 'two' both replace 'song', and nothing says whose result it is",
    )  # fmt: skip
    assert finding.because[0] == "'one' does it with part 'hall-one' 1.0 in hall_one.py:2 (replace)"


def test_what_is_replaced_gives_no_result_any_more(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, variant("replace"), SONG)
    assert (finding.severity, finding.what.partition(", and ")[0]) == (
        "error", "features 'one' and 'two' both give the one result of the hook 'song'",
    )  # fmt: skip


ORDERED = LINE.replace('hooks = "hall_hooks"', 'hooks = "hall_hooks"\nordered = ["song"]')


def test_the_line_can_say_that_the_core_uses_the_answers_of_a_hook_in_their_order(tmp_path: Path) -> None:
    hall(tmp_path, TWO, head=ORDERED)
    for name in "one", "two":
        plugin(tmp_path, name, SONG)
    (finding,) = check(tmp_path)
    assert (finding.severity, finding.what) == (
        "warning",
        "features 'one' and 'two' both answer the hook 'song', whose answers count in their order, and nothing says "
        "which is called first",
    )


def test_an_ordered_hook_that_the_core_does_not_have_is_an_error(tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["one"]\n', head=ORDERED.replace('"song"', '"songs"'))
    assert told(check(tmp_path)) == [
        "error plugin features.toml: core.ordered[0]: 'songs' is no hook of the core (did you mean 'song'?)"
    ]


def test_an_order_that_goes_round_in_some_product_is_an_error_with_all_that_makes_it(tmp_path: Path) -> None:
    line = '[features.glue]\nbefore = ["one"]\nafter = ["two"]\n' + settled('order = ["one", "two"]')
    finding, _ = found(tmp_path, line=line)
    assert told((finding,)) == [
        "error order features.toml: features.glue: the order of the plugins goes round: glue -> one -> two -> glue "
        "(take out one of these)"
    ]
    assert finding.because == (
        "'glue' is before 'one' (features.toml: features.glue.before)",
        "'one' is before 'two' (features.toml: interactions[0].order)",
        "'glue' is after 'two' (features.toml: features.glue.after)",
        "it is so with the selection { glue = true, one = true, two = true }",
    )


def test_an_order_that_goes_round_in_no_product_is_none(tmp_path: Path) -> None:
    line = '[features.glue]\nbefore = ["one"]\nafter = ["two"]\nexcludes = ["one"]\n' + settled(
        'order = ["one", "two"]'
    )
    (finding,) = found(tmp_path, line=line)
    assert finding.severity == "note"


def test_two_plugins_of_one_feature_are_its_own_matter(tmp_path: Path) -> None:
    hall(tmp_path, 'optional = ["choir"]\n[features.choir]\nparts = ["hall-one", "hall-two"]\n', hooks=FIRST)
    for name in "one", "two":
        plugin(tmp_path, name, SONG)
    assert check(tmp_path) == ()


def test_one_plugin_of_two_features_does_not_meet_itself(tmp_path: Path) -> None:
    hall(tmp_path, TWO.replace("hall-two", "hall-one"), hooks=FIRST)
    plugin(tmp_path, "one", SONG)
    assert check(tmp_path) == ()


def test_a_mark_that_no_hook_of_pluggy_explains_is_taken_as_it_is(tmp_path: Path) -> None:
    assert found(tmp_path, variant("sideways"), variant("sideways")) == ()
