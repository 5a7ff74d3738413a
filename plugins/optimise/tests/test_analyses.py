"""Models whose arithmetic Sarto does not decide alone: analysed with the plugin, refused with its name without it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.cli.program import program
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto.model.evaluation import is_valid
from sarto.model.expression import Value
from sarto.model.feature import GroupKind, ValueType
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto.solve.analysis import analyse
from sarto.solve.deciding import always_and_never, false_optional
from sarto.solve.difficulty import TooHard
from sarto_optimise.cp_sat import solve

from .random_models import configurations, models

HARD = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))

WIDE = """
[line]
name = "hall"
version = "1"
root = "hall"

[core]
parts = ["hall"]
command = "hall"
group = "hall"

[features.hall]
mandatory = ["width", "depth"]
optional = ["stage", "balcony", "stands"]

[features.width]
type = "integer"
minimum = 1
maximum = 200

[features.depth]
type = "integer"
minimum = 1
maximum = 150

[[constraints]]
rule = "balcony => width * depth > 30000"

[[constraints]]
rule = "stands => width * depth / 7 == 4285 + 5 / 7"

[[constraints]]
rule = "!stage => width + depth > 350"
"""


@HARD
@given(st.data())
def test_core_dead_and_false_optional_are_those_of_trying_everything(data: st.DataObject) -> None:
    model = data.draw(models(most=4))
    every = list(configurations(model))

    found = always_and_never(model, solve)

    if not every:
        assert found is None
        return
    on: list[set[str]] = [{name for name, value in each.items() if value is not False} for each in every]
    dead = set(model.features).difference(*on)
    assert found is not None
    assert [*map(set, found)] == [set(model.features).intersection(*on), dead]
    forced = {
        name
        for group in model.groups
        if group.kind is not GroupKind.MANDATORY
        for name in group.members
        if name not in dead and all(name in each for each in on if group.parent in each)
    }
    assert set(false_optional(model, dead, solve)) == forced


def full_ranges(model: FeatureModel) -> tuple[set[str], set[str]]:
    """Core and dead features by trying every value of two integer features."""
    plain = [name for name, feature in model.features.items() if feature.type is None]
    typed = [feature for feature in model.features.values() if feature.type is ValueType.INTEGER]
    core, dead = set(model.features), set(model.features)
    for states in product([False, True], repeat=len(plain)):
        for numbers in product(*(range(int(f.minimum or 0), int(f.maximum or 0) + 1) for f in typed)):
            configuration: dict[str, Value] = dict(zip(plain, states, strict=True))
            configuration |= {feature.name: number for feature, number in zip(typed, numbers, strict=True)}
            if is_valid(model, configuration):
                on = {name for name, value in configuration.items() if value is not False}
                core, dead = core & on, dead - on
    return core, dead


def test_wide_ranges_are_decided_in_full() -> None:
    narrow = WIDE.replace("200", "14").replace("150", "11").replace("30000", "154").replace("350", "25")
    narrow = narrow.replace("4285 + 5 / 7", "11")
    model = model_from_toml(narrow, "features.toml")

    found = always_and_never(model, solve)

    assert found is not None
    assert [*map(set, found)] == [*full_ranges(model)]


def test_an_analysis_gets_its_answers_from_the_optimiser() -> None:
    model = model_from_toml(WIDE, "features.toml")

    analysis = analyse(model, solve)

    assert analysis.core == ("depth", "hall", "stage", "width")
    assert analysis.dead == ("balcony",)
    assert analysis.false_optional == ("stage",)


def test_without_an_optimiser_the_refusal_names_the_plugin() -> None:
    with pytest.raises(TooHard) as caught:
        analyse(model_from_toml(WIDE, "features.toml"))

    assert str(caught.value) == (
        "features.toml: constraints[0].rule: 'width * depth > 30000' calculates with several values that are not "
        "decided yet\n"
        "  hint: give them values or narrow bounds, or compare each with constants only; the plugin sarto-optimise "
        "decides such arithmetic, in sarto optimise, analyse and check"
    )


def test_a_check_of_a_line_tells_its_defects(tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(WIDE)
    line = ProductLine.open(tmp_path, plugins=PluginManager.discover())

    findings = line.check(parts=False)

    assert [(finding.kind, finding.what) for finding in findings] == [
        ("dead", "feature 'balcony' is dead: no configuration has it"),
        ("false-optional", "feature 'stage' is false-optional: every configuration with 'hall' has it"),
    ]


def test_resolving_what_sarto_does_not_decide_points_to_the_command(tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(WIDE)
    (tmp_path / "acme.toml").write_text('line = "features.toml"\ncustomer = "Acme"\n')
    line, selection = ProductLine.for_selection(tmp_path / "acme.toml", plugins=PluginManager.discover())

    with pytest.raises(TooHard) as caught:
        line.resolve(selection)

    assert caught.value.hint == "sarto optimise SELECTION -o FILE decides it and writes a selection with every value"


def test_what_the_optimiser_is_not_asked_for_is_said_to_be_unknown(tmp_path: Path) -> None:
    (tmp_path / "features.toml").write_text(WIDE)

    result = CliRunner().invoke(
        program, ["analyse", str(tmp_path / "features.toml"), "--count", "--redundant", "--commonality"]
    )

    unknown = "unknown, as the arithmetic takes an optimiser, which is not asked for this"
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert [line for line in lines if "unknown" in line] == [
        f"atomic sets     -   {unknown}", f"tautologies     -   {unknown}", f"redundant       -   {unknown}",
        "homogeneity     unknown", "variability     unknown", f"configurations  {unknown}",
    ]  # fmt: skip
