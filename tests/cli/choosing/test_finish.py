"""The end of ``sarto choose``: the outcome, the file, and what keeps it from being written."""

from __future__ import annotations

from pathlib import Path

from ..conftest import SHOP, Sarto, write
from .models import typed


def test_customer_and_file_can_be_said_beforehand(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", "-o", "mine.toml", "--customer", "Acme", input=typed("w"))

    assert result.stdout.endswith("wrote mine.toml with 0 decisions; build it with: sarto build mine.toml\n")
    assert (shop / "mine.toml").read_text() == (
        '# Chosen from shop 1.2, question by question.\nline = "features.toml"\ncustomer = "Acme"\n'
    )


def test_quitting_asks_only_where_something_would_be_lost(sarto: Sarto, shop: Path) -> None:
    at_once = sarto("choose", input=typed("q"))
    stays = sarto("choose", input=typed("card", "q", "n", "q", "y"))

    assert (at_once.exit_code, at_once.stdout.endswith("payment: 1 or more of these? q\n")) == (0, True)
    assert stays.stdout.count("quit without writing [y/N]? ") == 2
    assert "page_size? q\n" in stays.stdout
    assert not (shop / "selections").exists()


def test_a_selection_that_is_there_is_replaced_only_where_the_person_agrees(sarto: Sarto, shop: Path) -> None:
    before = (shop / "acme.toml").read_text()

    result = sarto("choose", "-o", "acme.toml", "--customer", "A", input=typed("w", "n", "other.toml"))

    assert "acme.toml is there already; replace it [y/N]? n\nwrite it to? other.toml\n" in result.stdout
    assert (shop / "acme.toml").read_text() == before
    assert (shop / "other.toml").exists()
    sarto("choose", "-o", "acme.toml", "--customer", "A", input=typed("w", "y"))
    assert (shop / "acme.toml").read_text() == (shop / "other.toml").read_text()


def test_a_customer_without_a_name_for_the_build_is_asked_for_again(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", "-o", "a.toml", input=typed("w", "***", "Acme"))

    assert "error: no build can be named after the customer '***'\n" in result.stdout
    assert 'customer = "Acme"' in (shop / "a.toml").read_text()


def test_an_input_that_ends_too_early_writes_nothing(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", "-o", "a.toml", input=typed("card"))

    assert result.exit_code == 1
    assert result.stderr == "error: the input ended before the selection was written\n  hint: w writes it\n"
    assert not (shop / "a.toml").exists()


def test_a_value_that_nobody_gave_keeps_the_selection_from_being_written(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP.replace("default = 20\n", ""))

    result = sarto(
        "choose", "-o", "a.toml", "--customer", "A", input=typed("card", "", "d", "w", "/page_size", "30", "w")
    )

    assert "page_size? \nerror: the line has no value for 'page_size'\n" in result.stdout
    assert "error: 'page_size' has no value yet\n  hint: /page_size goes there\n" in result.stdout
    assert "page_size = 30\n" in (shop / "a.toml").read_text()


def test_d_leaves_the_rest_to_the_line_and_shows_the_outcome(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("card", "d", "x", "q", "y"))

    assert "  reviews    yes  the line's default\n" in result.stdout
    assert result.stdout.count("shop         yes") == 1


def test_u_at_the_outcome_goes_back_to_the_questions(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("card", "d", "u", "q"))

    assert result.stdout.endswith("payment: 1 or more of these? q\n")
