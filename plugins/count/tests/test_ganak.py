"""Ganak's numbers against trying everything, and what ends it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sarto.errors import SartoError
from sarto_count import ganak
from sarto_count.ganak import count
from sarto_count.worker import number_of_solutions

Clauses = list[tuple[int, ...]]


@st.composite
def formulas(draw: st.DrawFn) -> tuple[Clauses, int, list[int] | None]:
    size = draw(st.integers(1, 8))
    variables = st.lists(st.integers(1, size), min_size=1, max_size=min(size, 4), unique=True)
    signed = variables.flatmap(lambda chosen: st.tuples(*(st.sampled_from([v, -v]) for v in chosen)))
    counted = draw(st.none() | st.lists(st.integers(1, size), min_size=1, unique=True))
    return draw(st.lists(signed, max_size=20)), size, counted


def by_trying(clauses: Clauses, size: int, counted: list[int] | None) -> int:
    found = set()
    for values in product([False, True], repeat=size):
        if all(any(values[abs(literal) - 1] == (literal > 0) for literal in clause) for clause in clauses):
            found.add(tuple(values[variable - 1] for variable in counted or range(1, size + 1)))
    return len(found)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(formulas())
def test_the_number_is_that_of_trying_everything(formula: tuple[Clauses, int, list[int] | None]) -> None:
    assert number_of_solutions(*formula) == by_trying(*formula)


def test_the_other_process_gives_the_same_numbers() -> None:
    assert count([(1, 2), (-1, 2)], 2, None, 60) == 2
    assert count([(1, 2)], 3, [1], 60) == 2
    assert count([(1,), (-1,)], 1, None, 60) == 0


def test_a_number_may_have_thousands_of_digits() -> None:
    assert count([(1, 2)], 20_000, None, 60) == 3 * 2**19_998


def hard(size: int = 300) -> Clauses:
    chance = random.Random(1)
    return [
        tuple(variable * chance.choice((1, -1)) for variable in chance.sample(range(1, size + 1), 3))
        for _ in range(2 * size)
    ]


def test_what_is_not_found_in_time_is_unknown() -> None:
    start = time.monotonic()

    assert count(hard(), 300, None, 1) is None
    assert time.monotonic() - start < 30


@pytest.mark.skipif(sys.platform != "linux", reason="only there memory is limited for certain")
@pytest.mark.parametrize("megabytes", [1, 20, 30])
def test_what_does_not_fit_into_memory_is_unknown(megabytes: int) -> None:
    assert count(hard(), 300, None, 60, memory=megabytes << 20) is None


def test_a_counter_that_does_not_run_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ganak, "WORKER", (sys.executable, "-c", "import pyganak_that_is_missing"))

    with pytest.raises(SartoError) as caught:
        count([(1, 2)], 2, None, 60)

    assert str(caught.value) == (
        "Ganak does not run: ModuleNotFoundError: No module named 'pyganak_that_is_missing'\n"
        "  hint: install it anew: pip install pyganak"
    )


@pytest.mark.skipif(os.name == "nt", reason="signals are sent the way of POSIX")
def test_ctrl_c_ends_both_processes(tmp_path: Path) -> None:
    script = tmp_path / "asking.py"
    script.write_text(
        f"from sarto_count.ganak import count\nprint('asked', flush=True)\ncount({hard()}, 300, None, 100)\n"
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
    with pytest.raises(ProcessLookupError):
        os.killpg(asking.pid, 0)
