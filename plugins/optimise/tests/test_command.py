"""``sarto optimise`` from the command line to the answer and the selection file."""

from __future__ import annotations

import json
import runpy
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sarto.cli.program import program
from sarto.errors import SartoError
from sarto.hooks import PluginManager
from sarto.line import ProductLine
from sarto_optimise.command import optimise

SHOP = """
[line]
name = "shop"
version = "1"
root = "shop"

[core]
parts = ["shop"]
command = "shop"
group = "shop"

[features.shop]
mandatory = ["payment", "seats"]
optional = ["search", "reviews"]

[features.payment]
or = ["card", "invoice", "coins"]

[features.card]
attributes = { price = 300, value = 5, colour = "red" }

[features.invoice]
attributes = { price = 100.5, value = 2 }

[features.coins]
attributes = { price = 100, value = 1 }

[features.search]
attributes = { price = 200, value = 4 }

[features.reviews]
attributes = { price = 50, value = 3 }

[features.seats]
type = "integer"
minimum = 1
maximum = 100000

[[constraints]]
rule = "reviews => seats * seats > 10000"
"""
SMALL = """
[line]
name = "small"
version = "1"
root = "shop"

[core]
parts = ["shop"]
command = "shop"

[features.shop]
or = ["card", "coins"]
optional = ["search", "reviews"]

[features.card]
attributes = { price = 300, value = 5 }

[features.coins]
attributes = { price = 100, value = 1 }

[features.search]
attributes = { price = 200, value = 4 }

[features.reviews]
attributes = { price = 50, value = 3 }
"""
CHECKER = Path(__file__).parents[3] / "tests" / "drat.py"
"""It shares no code with Sarto."""
ACME = """
line = "features.toml"
customer = "Acme"

[select]
search = true

[prefer]
minimise = ["price"]
"""


@dataclass(frozen=True)
class Session:
    """What the program hands to its commands."""

    plugins: PluginManager = field(default_factory=PluginManager.discover)
    warnings: list[SartoError] = field(default_factory=list)

    def warn(self, warning: SartoError) -> None:
        self.warnings.append(warning)


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "features.toml").write_text(SHOP)
    (tmp_path / "acme.toml").write_text(ACME)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(optimise, list(arguments), obj=Session(), catch_exceptions=False)


def refusal(*arguments: str) -> str:
    with pytest.raises(SartoError) as caught:
        run(*arguments)
    return str(caught.value)


@pytest.mark.usefixtures("shop")
class TestAnswers:
    def test_the_cheapest_is_proved(self) -> None:
        result = run("features.toml", "--minimise", "price")

        assert result.exit_code == 0
        assert result.stdout == ("shop: shop, payment, coins, seats = 1\n  price: 100, proved to be the least\n")

    def test_goals_count_in_the_order_in_which_they_are_given(self) -> None:
        greatest_first = run(".", "--maximise", "value", "--minimise", "seats").stdout
        least_first = run(".", "--minimise=seats", "--maximise", "value").stdout

        assert greatest_first.splitlines()[1:] == [
            "  value: 15, proved to be the greatest", "  seats: 101, proved to be the least",
        ]  # fmt: skip
        assert least_first.splitlines()[1:] == [
            "  seats: 1, proved to be the least", "  value: 12, proved to be the greatest",
        ]  # fmt: skip

    def test_without_goals_a_model_gets_the_fewest_features(self) -> None:
        assert run(".").stdout.splitlines()[1:] == ["  features: 4, proved to be the least"]

    def test_a_selection_keeps_its_wishes_and_has_its_preferences_as_goals(self) -> None:
        assert run("acme.toml").stdout == (
            "Acme: shop, payment, coins, seats = 1\n  price: 300, proved to be the least\n"
        )

    def test_bounds_hold(self) -> None:
        result = run(".", "--maximise", "value", "--bound", "sum(price) <= 300.5", "--bound", "seats < 101")

        assert result.stdout.splitlines()[1:] == ["  value: 6, proved to be the greatest"]

    def test_a_weighted_sum_is_weighed(self) -> None:
        result = run(".", "--minimise", "price/100 - value")

        assert result.stdout.splitlines()[1:] == ["  price/100 - value: -7.495, proved to be the least"]

    def test_a_front_lists_what_nothing_outdoes(self) -> None:
        result = run(".", "--minimise", "price", "--maximise", "value", "--pareto", "--bound", "!search & !card")

        assert result.stdout == (
            "shop: 5 optima; all of them\n"
            "  price 100, value 1: shop, payment, coins, seats = 1\n"
            "  price 100.5, value 2: shop, payment, invoice, seats = 1\n"
            "  price 150, value 4: shop, payment, coins, seats = 101, reviews\n"
            "  price 150.5, value 5: shop, payment, invoice, seats = 101, reviews\n"
            "  price 250.5, value 6: shop, payment, invoice, coins, seats = 101, reviews\n"
        )

    def test_that_nothing_is_better_is_proved_to_a_checker(self, shop: Path) -> None:
        (shop / "small.toml").write_text(SMALL)
        asked = ("--minimise", "price", "--maximise", "value", "--bound", "search")

        result = run("small.toml", *asked, "--proof", "proofs")

        assert result.stdout == run("small.toml", *asked).stdout
        claims = json.loads((shop / "proofs" / "claims.json").read_text())["claims"]
        assert [claim["claim"] for claim in claims] == [
            "a configuration has 300 of price; a configuration has 5 of value",
            "no configuration has less of price than 300",
            "no configuration has more of value than 5 where it has at most 300 of price",
        ]
        assert json.loads((shop / "proofs" / "witness.json").read_text())["coins"] is True
        accept = runpy.run_path(str(CHECKER))["check"]
        for claim in claims[1:]:
            accept((shop / "proofs" / claim["cnf"]).read_text(), (shop / "proofs" / claim["proof"]).read_text())

    def test_that_nothing_is_possible_is_proved_too(self, shop: Path) -> None:
        (shop / "small.toml").write_text(SMALL)

        result = run("small.toml", "--bound", "sum(price) < 100", "--proof", "proofs")

        assert result.exit_code == 1
        (claim,) = json.loads((shop / "proofs" / "claims.json").read_text())["claims"]
        assert claim["claim"] == "no configuration keeps the wishes and the bounds"
        accept = runpy.run_path(str(CHECKER))["check"]
        accept((shop / "proofs" / claim["cnf"]).read_text(), (shop / "proofs" / claim["proof"]).read_text())

    def test_what_is_impossible_is_said(self) -> None:
        result = run(".", "--bound", "sum(price) < 100")

        assert result.exit_code == 1
        assert result.stdout == "shop: impossible: no configuration keeps the wishes and the bounds\n"

    def test_without_time_nothing_is_known(self) -> None:
        result = run(".", "--seconds", "0")

        assert result.exit_code == 1
        assert result.stdout == ("shop: unknown: no configuration was found in 0 s, and none was proved impossible\n")
        assert "there may be more, not found in 0 s" in run(".", "--pareto", "--seconds", "0").stdout

    def test_json_has_every_feature_and_every_goal(self) -> None:
        data = json.loads(run(".", "--minimise", "price", "--bound", "invoice", "--json").stdout)

        assert data == {
            "subject": "shop",
            "status": "optimal",
            "goals": [{"minimise": "price", "amount": 100.5, "bound": 100.5, "proved": True}],
            "configuration": {
                "shop": True, "payment": True, "card": False, "invoice": True, "coins": False, "seats": 1,
                "search": False, "reviews": False,
            },
        }  # fmt: skip

    def test_the_best_configuration_can_be_written_as_a_selection(self, shop: Path) -> None:
        result = run("acme.toml", "-o", "best.toml")

        assert result.stdout.splitlines()[-1] == "wrote best.toml; build it with: sarto build best.toml"
        line, selection = ProductLine.for_selection(shop / "best.toml")
        assert selection.customer == "Acme"
        assert {name: wish.value for name, wish in selection.wishes.items()} == {
            "shop": True, "payment": True, "card": False, "invoice": False, "coins": True, "seats": 1,
            "search": True, "reviews": False,
        }  # fmt: skip
        assert line.resolve(selection).configuration["seats"] == 1
        assert refusal("acme.toml", "-o", "best.toml") == (
            "best.toml: this file is there already\n  hint: --force replaces it"
        )

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ["--minimise", "prise"],
                "--minimise: no feature has the attribute 'prise'\n  hint: did you mean 'price'?",
            ),
            (
                ["--maximise", "colour"],
                "--maximise: the attribute 'colour' is no number, so it cannot be weighed\n"
                "  hint: the attributes that are numbers: price, value",
            ),
            (["--minimise", "price +"], "--minimise, column 8: expected a feature or a value, but found the end"),
            (
                ["--minimise", "price & value"],
                "--minimise: 'price & value' is no amount\n  hint: name attributes, as in 2*price + memory_mb",
            ),
            (
                ["--minimise", "price / seats"],
                "--minimise: 'price / seats' divides by what is not decided, so that its best value cannot be found\n"
                "  hint: use sums, products and divisions by numbers",
            ),
            (["--bound", "sum(price <= 3"], "bound 'sum(price <= 3', column 11: expected ')', but found '<='"),
            (
                ["--bound", "sum(price) <= 3 & cart"],
                "bound 'sum(price) <= 3 & cart', column 19: unknown feature 'cart'\n  hint: did you mean 'card'?",
            ),
            (
                ["--bound", "sum(prise) <= 3"],
                "bound 'sum(prise) <= 3': no feature has a number as attribute 'prise' (did you mean 'price'?)",
            ),
            (
                ["--pareto", "-o", "best.toml"],
                "a front has many configurations, and a selection is of one\n  hint: leave out --pareto",
            ),
            (["--pareto", "--proof", "proofs"], "a front has no proof\n  hint: leave out --pareto, or --proof"),
            (
                ["--minimise", "price", "--proof", "proofs"],
                "only Boolean problems have proofs, and this one asks for the values of 'seats'\n"
                "  hint: give these features values, or leave out --proof",
            ),
        ],
    )
    def test_what_cannot_be_asked_is_refused(self, arguments: list[str], message: str) -> None:
        assert refusal("features.toml", *arguments) == message

    @pytest.mark.parametrize("seconds", ["-1", "nan"])
    def test_what_is_no_time_is_a_mistake_of_usage(self, seconds: str) -> None:
        result = run("features.toml", "--seconds", seconds)

        assert result.exit_code == 2
        assert f"Invalid value for '--seconds': {float(seconds)} is not in the range x>=0." in result.stderr

    def test_a_refusal_is_a_json_document_too(self) -> None:
        result = CliRunner().invoke(program, ["optimise", "features.toml", "--maximise", "prise", "--json"])

        assert result.exit_code == 1
        assert json.loads(result.stdout)["error"]["errors"] == [
            {"what": "no feature has the attribute 'prise'", "key": "--maximise", "hint": "did you mean 'price'?"}
        ]

    def test_where_the_proof_cannot_be_written_nothing_else_is_printed(self) -> None:
        Path("small.toml").write_text(SMALL)
        Path("proofs").mkdir()
        Path("proofs/mine.txt").touch()

        result = CliRunner().invoke(
            program, ["optimise", "small.toml", "--minimise", "price", "--proof", "proofs", "--json"]
        )

        assert list(json.loads(result.stdout)) == ["error"]
