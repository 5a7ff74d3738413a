"""The parts of the engine in the page, each held against an oracle: search, consequences, counting, exact numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

from playwright.sync_api import Page

AGAINST_ALL = """async cases => {
  const { Solver, consequences } = await import("/scripts/solver.js");
  const { countOf } = await import("/scripts/counting.js");
  return cases.map(([size, clauses, questions]) => {
    const solver = new Solver(size, clauses);
    const variables = Array.from({ length: size }, (_, index) => index + 1);
    return questions.map(assumptions => {
      const isPossible = solver.isPossible(assumptions);
      const core = isPossible || solver.isVoid ? null : solver.core;
      const follows = consequences(solver, variables, assumptions);
      const count = String(countOf(clauses, variables, assumptions));
      return [isPossible, core, follows && [...follows].sort((a, b) => a - b), count];
    });
  });
}"""

LEAST = """async cases => {
  const { Solver } = await import("/scripts/solver.js");
  const { minimise } = await import("/scripts/minimising.js");
  return cases.map(([size, clauses, weights]) => {
    const solver = new Solver(size, clauses);
    const search = minimise(solver, new Map(weights.map((weight, index) => [index + 1, BigInt(weight)])));
    let step = search.next();
    while (!step.done) step = search.next();
    if (step.value === null) return null;
    for (const literal of step.value) solver.add([literal]);
    const found = [];
    while (solver.isPossible()) {
      const solution = Array.from({ length: size }, (_, index) => (index + 1) * Math.sign(solver.solution[index + 1]));
      found.push(solution);
      solver.add(solution.map((literal) => -literal));
    }
    return found;
  });
}"""

CALCULATED = """async pairs => {
  const { read } = await import("/scripts/fraction.js");
  return pairs.map(([left, right, decimals]) => {
    const [first, second] = [read(left), read(right)];
    const sum = first.plus(second);
    const text = each => each && `${each.above}/${each.below}`;
    const exact = [sum, first.minus(second), first.times(second), first.over(second), sum.floor(), sum.ceil()];
    return [...exact.map(text), first.compare(second), sum.rounded(decimals).text(decimals)];
  });
}"""


def solutions(size: int, clauses: list[list[int]]) -> list[set[int]]:
    """All of them, one by one."""
    found = [{n if bits >> n - 1 & 1 else -n for n in range(1, size + 1)} for bits in range(1 << size)]
    return [each for each in found if all(each.intersection(clause) for clause in clauses)]


def test_the_search_the_consequences_and_the_count_are_those_of_all_solutions_gone_through(scripts: Page) -> None:
    random = Random(3)
    cases = []
    for _ in range(250):
        size = random.randint(2, 7)
        literals = [*range(-size, 0), *range(1, size + 1)]
        clauses = [random.choices(literals, k=random.randint(1, 3)) for _ in range(random.randint(0, 4 * size))]
        cases.append((size, clauses, [random.choices(literals, k=random.randint(0, 3)) for _ in range(3)]))
    told = scripts.evaluate(AGAINST_ALL, cases)
    for (size, clauses, questions), answers in zip(cases, told, strict=True):
        every = solutions(size, clauses)
        for assumptions, (is_possible, core, follows, count) in zip(questions, answers, strict=True):
            fitting = [each for each in every if each.issuperset(assumptions)]
            assert is_possible is bool(fitting)
            assert count == str(len(fitting))
            assert follows == (sorted(set.intersection(*fitting)) if fitting else None)
            if core is not None:
                assert set(core) <= set(assumptions)
                assert not any(each.issuperset(core) for each in every)


def test_what_the_least_sum_leaves_are_exactly_the_best_of_all_solutions(scripts: Page) -> None:
    random = Random(6)
    cases = []
    for _ in range(250):
        size = random.randint(2, 7)
        literals = [*range(-size, 0), *range(1, size + 1)] + [*range(1, size + 1)] * 2
        clauses = [random.choices(literals, k=random.randint(1, 4)) for _ in range(random.randint(0, 3 * size))]
        cases.append((size, clauses, [random.choice([0, 1, 1, 1, 2, 3, 50, -2]) for _ in range(size)]))
    for (size, clauses, weights), found in zip(cases, scripts.evaluate(LEAST, cases), strict=True):
        sums = [(sum(weights[n - 1] for n in each if n > 0), each) for each in solutions(size, clauses)]
        least = min((total for total, _ in sums), default=None)
        best = [each for total, each in sums if total == least]
        assert (found is None) is (not sums)
        assert sorted(map(sorted, found or [])) == sorted(map(sorted, best))


def test_numbers_are_exact_and_rounded_halves_away_from_zero(scripts: Page) -> None:
    random = Random(4)
    written = [
        *(str(random.randint(-(10**20), 10**20)) for _ in range(20)),
        "0",
        "0.5",
        "-0.5",
        "2.675",
        "-1e-7",
        "1e21",
    ]
    written += [f"{random.randint(-999, 999)}/{random.randint(1, 99)}" for _ in range(30)]
    pairs = [(random.choice(written), random.choice(written), random.randint(0, 4)) for _ in range(300)]
    for (left, right, decimals), answers in zip(pairs, scripts.evaluate(CALCULATED, pairs), strict=True):
        first, second = Fraction(left), Fraction(right)
        total = first + second
        exact = [total, first - second, first * second, first / second if second else None]
        whole = [Fraction(total.__floor__()), Fraction(total.__ceil__())]
        texts = [None if each is None else f"{each.numerator}/{each.denominator}" for each in (*exact, *whole)]
        assert answers[:6] == texts
        assert answers[6] == (first > second) - (first < second)
        scaled = Decimal(abs(total.numerator) * 10**decimals * 2 // total.denominator + 1) // 2
        shown = scaled.scaleb(-decimals).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
        assert Decimal(answers[7]) == (-shown if total < 0 else shown)
