"""What runs in the other process: one question from the standard input, one answer to the standard output."""

from __future__ import annotations

import json
import math
import os
import signal
import sys
from collections.abc import Sequence

from pyganak import Counter

__all__ = ["main", "number_of_solutions"]


def main() -> None:
    """Read a question as JSON and write the number of solutions in hexadecimal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ganak looks for no interrupt: end at once
    question = json.load(sys.stdin)
    _limit(question["memory"], question["seconds"])
    sys.set_int_max_str_digits(0)  # the counter makes the number from a text
    with os.fdopen(os.dup(1), "w") as answer:
        os.dup2(2, 1)  # Ganak may talk to the standard output
        answer.write(f"{number_of_solutions(question['clauses'], question['size'], question['counted']):x}")


def number_of_solutions(clauses: Sequence[Sequence[int]], size: int, counted: Sequence[int] | None) -> int:
    """How many solutions clauses over 1..``size`` have; those that agree on ``counted`` are one."""
    counter = Counter()
    counter.new_vars(size)
    counter.add_clauses(clauses)
    if counted is not None:
        counter.set_sampling_set(counted)
    return int(counter.count())


def _limit(memory: int, seconds: float) -> None:
    """End this process by itself where it takes too much, even if the one that asked is gone."""
    try:
        import resource
    except ImportError:
        return  # Windows has no such limits
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    time = math.ceil(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (time, time))


if __name__ == "__main__":
    main()
