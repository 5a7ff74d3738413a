"""Proof that clauses have no solution, in the form that independent checkers read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass

from pysat.solvers import Solver

from .formula import Clause

__all__ = ["Refutation", "refutation"]

PROVER = "glucose4"


@dataclass(frozen=True, slots=True)
class Refutation:
    """Clauses without a solution: ``cnf`` is a DIMACS file of them, ``proof`` a DRAT proof of the empty clause.

    Every step of the proof follows by unit propagation from the clauses and the steps before it (RUP), and none
    deletes a clause, so that ``drat-trim X.cnf X.drat`` and any other checker of DRAT accepts it.
    """

    cnf: str
    proof: str


def refutation(
    clauses: Iterable[Clause], size: int, comments: Sequence[str] = (), conflicts: int | None = None
) -> Refutation | None:
    """Prove that the clauses over variables 1..``size`` have no solution; None where they have one.

    What is assumed has to stand among the clauses as unit clauses. ``comments`` go to the top of the DIMACS file, a
    line each. Raises TimeoutError where the solver meets more than about so many ``conflicts``, if
    there is such a limit.
    """
    given = [tuple(dict.fromkeys(clause)) for clause in clauses]  # to repeat a literal confuses simple checkers
    if () in given:
        return Refutation(_dimacs(given, size, comments), "0\n")
    with closing(_Prover(given)) as prover:
        steps = prover.refute(conflicts)
    return None if steps is None else Refutation(_dimacs(given, size, comments), "".join(f"{s}\n" for s in steps))


class _Prover:
    """A solver that writes down how it comes to its conclusion."""

    def __init__(self, clauses: Sequence[Clause]) -> None:
        self._solver = Solver(name=PROVER, bootstrap_with=clauses, with_proof=True)

    def refute(self, conflicts: int | None) -> list[str] | None:
        """The steps to the empty clause; None where there is a solution."""
        if conflicts is not None:
            self._solver.conf_budget(conflicts)
        has_solution = self._solver.solve() if conflicts is None else self._solver.solve_limited()
        if has_solution is None:
            raise TimeoutError
        if has_solution:
            return None
        # The solver deletes clauses that unit clauses rest on, which checkers take differently: some pass over such
        # a deletion, others obey it and miss what followed (Rebola-Pardo and Biere, 2018). Without any, none can fail.
        steps = [step for step in self._solver.get_proof() or [] if not step.startswith("d")]
        return steps if steps and steps[-1] == "0" else [*steps, "0"]  # it is silent where propagation is enough

    def close(self) -> None:
        self._solver.delete()


def _dimacs(clauses: Sequence[Clause], size: int, comments: Sequence[str]) -> str:
    lines = [f"c {comment}" for comment in comments]
    lines.append(f"p cnf {size} {len(clauses)}")
    lines += [" ".join(map(str, (*clause, 0))) for clause in clauses]
    return "\n".join(lines) + "\n"
