"""``sarto analyse --count``: how many configurations there are, as people and as programs read it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import SHOP, Sarto, write

TANGLED = SHOP + '[[constraints]]\nrule = "(search | coins) & (reviews => full | coins)"\n'


def test_the_number_of_configurations_comes_last(sarto: Sarto, shop: Path) -> None:
    result = sarto("analyse", "features.toml", "--count")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("\n  configurations  54\n")


def test_in_json_it_is_a_text_of_all_digits(sarto: Sarto, shop: Path) -> None:
    write(shop, features=options(5000))

    data = json.loads(sarto("analyse", "features.toml", "--count", "--json").stdout)

    assert data["configurations"] == str(2**5000)
    assert list(data)[:6] == ["features", "constraints", "void", "core", "dead", "false_optional"]


def options(number: int) -> str:
    names = ", ".join(f'"f{index}"' for index in range(number))
    return f'[line]\nroot = "shop"\n[features.shop]\noptional = [{names}]\n'


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (3, "8"),
        (99, "633825300114114700748351602688"),
        (100, "about 1.3·10^30 (31 digits)"),
        (103, "about 1.0·10^31 (32 digits)"),
        (20_000, "about 4.0·10^6020 (6021 digits)"),
    ],
)
def test_a_long_number_is_rounded_for_the_eye(sarto: Sarto, shop: Path, number: int, text: str) -> None:
    write(shop, features=options(number))

    assert sarto("analyse", "features.toml", "--count").stdout.splitlines()[-1] == f"  configurations  {text}"


def test_a_void_model_has_none(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "!shop"\n')

    assert sarto("analyse", "features.toml", "--count").stdout.endswith("  configurations  0\n")


def test_a_number_that_is_not_found_in_time_is_unknown(sarto: Sarto, shop: Path) -> None:
    write(shop, features=TANGLED)

    result = sarto("analyse", "features.toml", "--count", "--seconds", "0")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == (
        "  configurations  unknown, not found in 0 s; the plugin 'count' finds more (pip install sarto-count)"
    )


def test_in_json_an_unknown_number_is_null(sarto: Sarto, shop: Path) -> None:
    write(shop, features=TANGLED)

    data = json.loads(sarto("analyse", "features.toml", "--count", "--seconds", "0", "--json").stdout)

    assert data["configurations"] is None


def test_nothing_is_counted_that_nobody_asked_for(sarto: Sarto, shop: Path) -> None:
    assert "configurations" not in json.loads(sarto("analyse", "features.toml", "--json").stdout)
