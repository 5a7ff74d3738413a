"""CP-SAT's answers to problems: what ends it, and what is said where it did not come to an end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sarto.errors import Place
from sarto.model.toml_line import model_from_toml
from sarto.solve.goals import read_goal
from sarto.solve.optimising import optimise
from sarto.solve.problem import Answer, Linear, Problem, Product, Status
from sarto_optimise.cp_sat import solve


def knapsacks(size: int, bounds: int) -> Problem:
    """Goods of different worth under several limits of weight at once, which is hard to prove anything about."""
    chance = random.Random(1)
    numbers = range(1, size + 1)
    return Problem(
        size=size,
        clauses=(),
        linear=tuple(
            Linear(tuple((chance.randint(1000, 99999), number) for number in numbers), high=size * 15000)
            for _ in range(bounds)
        ),
        minimise=tuple((-chance.randint(1000, 99999), number) for number in numbers),
    )


def test_what_is_proved_and_what_is_impossible() -> None:
    least = Problem(size=2, clauses=((1, 2),), minimise=((3, 1), (2, 2)))

    assert solve(least, 60) == Answer(Status.OPTIMAL, (False, True), (), 2, 2)
    assert solve(Problem(size=1, clauses=((1,), (-1,))), 60) == Answer(Status.IMPOSSIBLE)


def test_products_and_sums_hold_where_their_literals_do() -> None:
    problem = Problem(
        size=1,
        clauses=((1,),),
        integers=((-3, 9), (2, 5), (0, 100)),
        linear=(Linear(((1, -3),), low=21, high=21, when=(1,)), Linear(((1, -2),), high=0, when=(-1,))),
        products=(Product(3, 1, 2),),
    )

    assert solve(problem, 60).integers == (7, 3, 21)


def test_without_time_nothing_is_known() -> None:
    assert solve(knapsacks(5, 1), 0) == Answer(Status.UNKNOWN)


def test_what_is_not_proved_in_time_comes_with_a_bound() -> None:
    answer = solve(knapsacks(300, 12), 2)

    assert answer.status is Status.FEASIBLE
    assert answer.bound is not None
    assert answer.bound < answer.value


def test_a_gap_is_told_goal_by_goal() -> None:
    chance = random.Random(1)
    goods = [f"x{number}" for number in range(300)]
    lines = ["[line]", 'root = "r"', "[features.r]", f"optional = {goods}".replace("'", '"')]
    for name in goods:
        weights = ", ".join(f"w{kind} = {chance.randint(1000, 99999)}" for kind in range(12))
        lines += [f"[features.{name}]", f"attributes = {{ worth = {chance.randint(1000, 99999)}, {weights} }}"]
    for kind in range(12):
        lines += ["[[constraints]]", f'rule = "sum(w{kind}) <= 4500000"']
    model = model_from_toml("\n".join(lines), "features.toml")
    wanted = [read_goal(model, "worth", Place(), maximise=True), read_goal(model, "features", Place())]

    optimum = optimise(model, {}, wanted, solve, 2)

    assert optimum.status is Status.FEASIBLE
    worth, features = optimum.reached
    assert worth.best is not None
    assert worth.best > worth.amount > 0
    assert not worth.is_proved
    assert features.best is None
    assert features.amount == len([name for name, value in optimum.configuration.items() if value])


def test_the_same_problem_gets_the_same_answer() -> None:
    assert len({solve(knapsacks(30, 3), 60) for _ in range(3)}) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are sent the way of POSIX")
def test_ctrl_c_ends_the_search(tmp_path: Path) -> None:
    script = tmp_path / "asking.py"
    script.write_text(
        f"from sarto.solve.problem import *\nfrom sarto_optimise.cp_sat import solve\n"
        f"print('asked', flush=True)\nsolve({knapsacks(300, 12)!r}, 100)\n"
    )
    asking = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert asking.stdout is not None
    asking.stdout.readline()
    time.sleep(1)

    os.killpg(asking.pid, signal.SIGINT)
    _, errors = asking.communicate(timeout=30)

    assert errors.strip().endswith("KeyboardInterrupt")
