"""A checker of DRAT proofs that shares no code with Sarto or its solver: forward, by unit propagation, and RAT.

A step is accepted where assuming its opposite leads to a conflict by unit propagation (RUP; Goldberg and Novikov,
2003), or where that holds for its resolvent with each clause that has the opposite of its first literal (RAT;
Järvisalo, Heule and Biere, 2012). A proof is accepted where the empty clause is reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["RefusedError", "check"]


class RefusedError(Exception):
    """The proof does not show what it should."""


def check(cnf: str, proof: str) -> None:
    """Raise RefusedError unless the proof refutes the clauses."""
    database = _Database(list(_clauses(cnf)))
    for number, line in enumerate(proof.splitlines(), 1):
        words = line.split()
        if not words:
            continue
        is_deletion = words[0] == "d"
        *literals, end = map(int, words[1:] if is_deletion else words)
        if end != 0 or 0 in literals:
            raise RefusedError(f"line {number} is no clause: {line}")
        if is_deletion:
            database.delete(literals)
        elif not database.follows(literals):
            raise RefusedError(f"line {number} does not follow: {line}")
        elif not literals:
            return
        else:
            database.add(literals)
    raise RefusedError("the empty clause is not reached")


def _clauses(cnf: str) -> Iterator[list[int]]:
    """The clauses of a DIMACS file; RefusedError where there are not as many, or not such, as its header says."""
    variables = expected = found = -1
    for line in cnf.splitlines():
        if line.startswith("c"):
            continue
        if line.startswith("p"):
            _, kind, *numbers = line.split()
            if kind != "cnf" or found >= 0:
                raise RefusedError(f"no header: {line}")
            (variables, expected), found = map(int, numbers), 0
            continue
        *literals, end = map(int, line.split())
        if end != 0 or any(not 0 < abs(literal) <= variables for literal in literals):
            raise RefusedError(f"no clause over the variables: {line}")
        found += 1
        yield literals
    if found != expected:
        raise RefusedError(f"{found} clauses, not {expected}")


class _Database:
    """Clauses with what follows from them by unit propagation; two literals of each clause are watched."""

    def __init__(self, clauses: Iterable[list[int]]) -> None:
        self.clauses: dict[int, list[int]] = {}
        self.places: dict[tuple[int, ...], list[int]] = {}
        self.watching: dict[int, list[int]] = {}
        self.true: dict[int, None] = {}
        self.is_refuted = False
        self.next = 0
        for clause in clauses:
            self.add(clause)

    def add(self, literals: list[int]) -> None:
        clause = list(dict.fromkeys(literals))
        number, self.next = self.next, self.next + 1
        clause.sort(key=lambda literal: -literal in self.true)  # those that are not false first, to be watched
        self.clauses[number] = clause
        self.places.setdefault(tuple(sorted(clause)), []).append(number)
        for literal in clause[:2]:
            self.watching.setdefault(literal, []).append(number)
        left = [literal for literal in clause if -literal not in self.true]
        if not left or (len(left) == 1 and left[0] not in self.true and not self._propagate([left[0]])):
            self.is_refuted = True

    def delete(self, literals: list[int]) -> None:
        """Forget a clause; unit ones, and those that made something true, stay, as is usual among checkers."""
        places = self.places.get(tuple(sorted(set(literals))))
        if not places or len(literals) < 2 or any(literal in self.true for literal in literals):
            return
        number = places.pop()
        for literal in self.clauses.pop(number)[:2]:
            self.watching[literal].remove(number)

    def follows(self, literals: list[int]) -> bool:
        return self._by_propagation(literals) or (bool(literals) and self._by_resolution(literals))

    def _by_propagation(self, literals: list[int]) -> bool:
        if self.is_refuted or any(literal in self.true for literal in literals):
            return True
        known = len(self.true)
        conflicts = not self._propagate([-literal for literal in literals])
        while len(self.true) > known:
            self.true.popitem()
        return conflicts

    def _by_resolution(self, literals: list[int]) -> bool:
        pivot = literals[0]
        return all(
            self._by_propagation([*literals, *(other for other in clause if other != -pivot)])
            for clause in list(self.clauses.values())
            if -pivot in clause
        )

    def _propagate(self, literals: list[int]) -> bool:
        """Make the literals true with all that follows; whether there is no conflict."""
        work = []
        for literal in literals:
            if -literal in self.true:
                return False
            if literal not in self.true:
                self.true[literal] = None
                work.append(literal)
        while work:
            false = -work.pop()
            watchers, self.watching[false] = self.watching.get(false, []), []
            for index, number in enumerate(watchers):
                clause = self.clauses[number]
                if clause[0] == false and len(clause) > 1:
                    clause[0], clause[1] = clause[1], clause[0]
                if len(clause) > 1:
                    for place in range(2, len(clause)):
                        if -clause[place] not in self.true and clause[0] not in self.true:
                            clause[1], clause[place] = clause[place], clause[1]
                            self.watching.setdefault(clause[1], []).append(number)
                            break
                    else:
                        self.watching[false].append(number)
                        if clause[0] in self.true:
                            continue
                        if -clause[0] in self.true:
                            self.watching[false] += watchers[index + 1 :]
                            return False
                        self.true[clause[0]] = None
                        work.append(clause[0])
                else:
                    self.watching[false] += watchers[index:]
                    return False
        return True
