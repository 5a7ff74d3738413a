"""``sarto choose`` as a person uses it: what is shown, what is typed, what is written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..conftest import SHOP, Sarto, write
from .models import typed

WHOLE = """\
shop 1.2  Sells things
Answer each question; Enter leaves it to the line, h says what else can be typed.

shop > payment  (0 answers, 8 free, price 0)
  How customers pay
  1  card       nothing else follows
  2  invoice    nothing else follows
  3  coins      out: audit
payment: 1 or more of these? 1 3
  out: audit

shop > page_size  (1 answer, 4 free, price 0)
  value  an integer from 10 to 100
  -      leave it to the line, which has 20
page_size? 25

shop > search  (2 answers, 4 free, price 0)
  Finds what is sold
  y  nothing else follows
  n  nothing else follows
  -  leave it to the line
search? y

shop > search  (3 answers, 3 free, price 0)
  Finds what is sold
  1  simple                            price +90.5
  2  full    Finds words inside texts  price +400
search: one of these? 2
  price +400

shop > reviews  (4 answers, 1 free, price 400)
  y  nothing else follows
  n  nothing else follows
  o  leave it to the end user
  -  leave it to the line, which has y
reviews? o

shop         yes         'shop' is the root: every product has it
  payment    yes         'shop' always has it (features.toml: features.shop.mandatory)
    card     yes         your answer
    invoice  no          your answer
    coins    yes         your answer
  page_size  25          your answer
  search     yes         your answer
    simple   no          'search' has exactly one of 'simple' and 'full' (features.toml: features.search.alternative) \
— 'full' is selected
    full     yes         your answer
  reviews    open (yes)  the line's default
  audit      no          the constraint audit => invoice & !coins (features.toml: constraints[0].rule): \
Auditors want paper — 'invoice' is left out
w writes it, u takes back the last answer, /word goes to a feature, q quits? w
customer's name? Acme GmbH
write it to [selections/acme-gmbh.toml]?\x20
wrote selections/acme-gmbh.toml with 7 decisions; build it with: sarto build selections/acme-gmbh.toml
"""

FILE = """\
# Chosen from shop 1.2, question by question.
line = "../features.toml"
customer = "Acme GmbH"

[select]
card = true
invoice = false
coins = true
page_size = 25
search = true
full = true

[open]
features = [
    "reviews",
]
"""


def test_a_whole_choice_leaves_a_selection_of_the_persons_own_answers(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("1 3", "25", "y", "2", "o", "w", "Acme GmbH", ""))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == WHOLE
    assert (shop / "selections" / "acme-gmbh.toml").read_text() == FILE
    assert sarto("resolve", "selections/acme-gmbh.toml").stdout.endswith("\nAcme GmbH: 8 of 11 features, 1 left open\n")


def test_a_feature_that_other_answers_settled_is_not_asked_for_but_explained(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("coins", "/audit", "q", "y"))

    assert (
        "page_size? /audit\n"
        "  audit: no summary\n"
        "    it is out: the constraint audit => invoice & !coins (features.toml: constraints[0].rule): "
        "Auditors want paper — 'invoice' is left out\n" in result.stdout
    )


def test_too_few_members_of_a_group_are_refused(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("0", "q"))

    assert "error: 0 of these are chosen, where 1 or more are needed\n" in result.stdout


def test_an_answer_that_others_make_impossible_is_refused_with_the_reason(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/audit", "y", "1 3", "q", "y"))

    assert "  3  coins      out: the constraint audit => invoice & !coins" in result.stdout
    assert (
        "payment: 1 or more of these? 1 3\n"
        "error: the selection is impossible, because these cannot all hold:\n"
        "  - 'audit' is selected\n"
        "  - 'coins' is selected\n" in result.stdout
    )
    assert result.stdout.endswith("payment: 1 or more of these? q\nquit without writing [y/N]? y\n")


def test_a_value_out_of_range_is_refused_and_asked_for_again(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("1", "5", "50", "q", "y"))

    assert (
        "page_size? 5\n"
        "error: 5 is below the minimum of 'page_size', 10\n"
        "  hint: give an integer from 10 to 100, or n\n\n"
        "shop > page_size  " in result.stdout
    )
    assert "page_size? 50\n" in result.stdout


def test_a_value_that_contradicts_an_answer_is_refused_with_both(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/full", "full", "/page_size", "80", "q", "y"))

    assert (
        "error: the selection is impossible, because these cannot all hold:\n"
        "  - 'full' is selected\n"
        "  - 'page_size' is set to 80\n"
        "  - the constraint full => page_size <= 50 (features.toml: constraints[1].rule): "
        "Long pages are slow to search\n" in result.stdout
    )


def test_the_last_answer_can_be_taken_back_and_its_question_comes_again(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("1", "u", "2", "u", "u", "q"))

    prompts = [line for line in result.stdout.splitlines() if "? " in line]
    assert prompts == [
        "payment: 1 or more of these? 1",
        "page_size? u",
        "payment: 1 or more of these? 2",
        "page_size? u",
        "payment: 1 or more of these? u",
        "payment: 1 or more of these? q",
    ]
    assert "  there is nothing to take back\n" in result.stdout


def test_a_search_goes_to_the_only_feature_found(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/inside texts", "q"))

    assert "search: one of these? q\n" in result.stdout


def test_of_several_features_found_one_is_picked_by_number(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/finds", "2", "/finds", "", "q"))

    listed = "  1  search  free  Finds what is sold\n  2  full    free  Finds words inside texts\n"
    assert f"{listed}which one (a number, Enter for none)? 2\n\nshop > search  " in result.stdout
    assert f"{listed}which one (a number, Enter for none)? \n\nshop > search  " in result.stdout


def test_a_search_for_a_whole_name_goes_to_that_feature(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/search", "q"))

    assert result.stdout.endswith("search? q\n")


def test_a_search_without_a_find_says_so(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/zebra", "q"))

    assert "  no feature has 'zebra' in its name or summary\n" in result.stdout


def test_a_question_mark_shows_what_binds_a_feature(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("/full", "?", "q"))

    assert (
        "  simple: no summary\n"
        "    price 90.5\n"
        "  full: Finds words inside texts\n"
        "    price 400\n"
        "    full => page_size <= 50: Long pages are slow to search.\n" in result.stdout
    )


def test_h_shows_all_that_can_be_typed(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", input=typed("h", "q"))

    assert "  /word           find a feature by its name or summary, and go there\n" in result.stdout


def test_enter_at_an_answered_question_keeps_the_answer(sarto: Sarto, shop: Path) -> None:
    result = sarto("choose", "-o", "a.toml", "--customer", "A", input=typed("card", "/card", "", "w"))

    assert "card = true\n" in (shop / "a.toml").read_text()
    assert result.exit_code == 0


def test_an_answer_can_be_changed_later(sarto: Sarto, shop: Path) -> None:
    sarto("choose", "-o", "a.toml", "--customer", "A", input=typed("card", "/simple", "1", "/full", "2", "w"))

    text = (shop / "a.toml").read_text()
    assert "full = true\n" in text
    assert "simple" not in text


def test_a_line_that_is_void_cannot_be_chosen_from(sarto: Sarto, shop: Path) -> None:
    write(shop, features=SHOP + '[[constraints]]\nrule = "!shop"\n')

    result = sarto("choose", input=typed("q"))

    assert result.exit_code == 1
    assert "no selection is possible: the feature model contradicts itself:" in result.stderr


def test_a_large_group_is_asked_for_without_a_look_at_every_member(sarto: Sarto, shop: Path) -> None:
    members = [f"m{number}" for number in range(40)]
    text = f'[line]\nname="l"\nversion="1"\nroot="l"\n[core]\nparts=["l"]\ncommand="l"\n[features.l]\nor = {members}\n'
    write(shop, features=text.replace("'", '"'))

    result = sarto("choose", "-o", "a.toml", "--customer", "A", input=typed("40", "w"))

    assert "  40  m39\n" in result.stdout
    assert "m39 = true\n" in (shop / "a.toml").read_text()


@pytest.mark.skipif(os.name == "nt", reason="terminals of POSIX")
def test_it_works_in_a_terminal(shop: Path) -> None:
    import pty

    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sarto.cli", "choose", "-o", "mine.toml", "--customer", "Acme"],
        stdin=terminal, stdout=terminal, stderr=terminal, env={**os.environ, "COLUMNS": "100"},
    )  # fmt: skip
    os.close(terminal)
    shown = _until(controller, "payment: 1 or more of these? ")
    os.write(controller, b"3\n")
    shown += _until(controller, "page_size? ")
    os.write(controller, b"w\n")
    shown += _until(controller, "sarto build mine.toml")
    assert process.wait(timeout=30) == 0

    assert "\x1b[1mshop > payment\x1b[0m  (0 answers, 8 free, price 0)" in shown
    assert "\x1b[32m  out: audit\x1b[0m" in shown
    assert "coins = true\n" in (shop / "mine.toml").read_text()


def _until(controller: int, text: str) -> str:
    shown = ""
    while text not in shown:
        shown += os.read(controller, 65536).decode()
    return shown
