"""Interactions that a features.toml settles: what is read of them, what they demand, and what is said of wrong ones."""

from __future__ import annotations

import pytest
from sarto.model.grammar import write
from sarto.model.interaction import Interaction
from sarto.model.toml_writing import line_to_toml

from .reading import faults_of_line, line

TREE = '[features.shop]\noptional = ["maps", "charts", "tables", "glue"]\n'
BECAUSE = 'because = "both draw"\n'


def interactions(*tables: str) -> str:
    return TREE + "".join(f"[[interactions]]\n{table}\n{BECAUSE}" for table in tables)


def test_an_order_is_read_and_demands_nothing_of_the_model() -> None:
    found = line(interactions('between = ["maps", "charts"]\norder = ["charts", "maps"]'))
    assert found.interactions == (
        Interaction(between=("maps", "charts"), order=("charts", "maps"), because="both draw"),
    )
    assert found.model.constraints == ()


def test_features_that_exclude_each_other_are_kept_apart_two_by_two_with_the_reason() -> None:
    found = line(interactions('between = ["maps", "charts", "tables"]\nexclude = true'))
    assert [(write(each.expression), each.because, str(each.where)) for each in found.model.constraints] == [
        ("maps => !charts", "both draw", "features.toml: interactions[0].exclude"),
        ("maps => !tables", "both draw", "features.toml: interactions[0].exclude"),
        ("charts => !tables", "both draw", "features.toml: interactions[0].exclude"),
    ]


def test_a_feature_that_resolves_it_is_there_wherever_both_are() -> None:
    found = line(interactions('between = ["maps", "charts"]\nresolved_by = "glue"'))
    assert [(write(each.expression), str(each.where)) for each in found.model.constraints] == [
        ("maps & charts => glue", "features.toml: interactions[0].resolved_by")
    ]


def test_what_they_demand_is_not_written_a_second_time() -> None:
    written = line_to_toml(line(interactions('between = ["maps", "charts"]\nexclude = true')))
    assert "constraints" not in written
    assert written["interactions"] == [{"between": ["maps", "charts"], "exclude": True, "because": "both draw"}]


HOW = """
  hint: write one of order = ["first", "second"], exclude = true and resolved_by = "a third feature\""""


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("order = []", "interactions[0]: 'between' is missing\n  hint: add between = [\"one\", \"another\"]"),
        ('between = ["maps"]\nexclude = true',
         "interactions[0].between: an interaction is between two features or more"),
        ('between = ["maps", "chart"]\nexclude = true',
         "interactions[0].between[1]: unknown feature 'chart'\n  hint: did you mean 'charts'?"),
        ('between = ["maps", "maps"]\nexclude = true', "interactions[0].between[1]: 'maps' stands twice in this list"),
        ('between = ["maps", "charts"]', f"interactions[0]: nothing says how this interaction is settled{HOW}"),
        ('between = ["maps", "charts"]\nexclude = true\nresolved_by = "glue"',
         f"interactions[0]: 'exclude' and 'resolved_by' settle it in different ways{HOW}"),
        ('between = ["maps", "charts"]\nexclude = false',
         f"interactions[0].exclude: exclude = false settles nothing{HOW}"),
        ('between = ["maps", "charts"]\nexclude = "yes"',
         "interactions[0].exclude: expected true or false, but found 'yes'"),
        ('between = ["maps", "charts"]\norder = ["maps", "glue"]',
         "interactions[0].order: the order is not one of the features between which it is\n"
         "  hint: name each of 'maps', 'charts'"),
        ('between = ["maps", "charts"]\nresolved_by = "maps"',
         "interactions[0].resolved_by: 'maps' is no third feature\n  hint: name the feature that glues"),
        ('between = ["maps", "charts"]\nexclude = true\nwhy = 1',
         "interactions[0].why: unknown key 'why'\n"
         "  hint: the keys here are between, order, exclude, resolved_by, because"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_interaction_is_said_with_its_place(table: str, said: str) -> None:
    assert said in faults_of_line(interactions(table))


def test_an_interaction_without_a_reason_is_refused() -> None:
    text = TREE + '[[interactions]]\nbetween = ["maps", "charts"]\nexclude = true\n'
    assert faults_of_line(text) == [
        "interactions[0]: 'because' is missing\n  hint: add because = \"the reason, as people read it\""
    ]


def test_two_that_settle_the_same_are_refused() -> None:
    settled = 'between = ["maps", "charts"]\nexclude = true', 'between = ["charts", "maps"]\nresolved_by = "glue"'
    assert faults_of_line(interactions(*settled)) == [
        "interactions[1].between: these features are settled twice\n  hint: the first is features.toml: interactions[0]"
    ]


def test_all_that_is_wrong_is_said_together() -> None:
    assert len(faults_of_line(interactions('between = ["map", "chart"]', 'between = ["maps"]\nexclude = 1'))) == 5
