"""The customers of the build benchmark, and how what is done for them is measured.

Run with a command, it says the seconds that the command takes and the most memory that a process of it took.
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from packaging.markers import Environment
    from sarto.line import ProductLine
    from sarto.model.selection import Selection

__all__ = ["generic", "interleaved", "measure_lock", "own_bytes", "selections", "toml"]

WISHES = 8
ROUNDS = 5
LONGEST = 20
"""Seconds after which no further block is begun, so that the whole run ends also where the machine is slow."""


def selections(line: ProductLine, number: int) -> Iterator[Selection]:
    """As many customers, each with some random wishes that go together."""
    from sarto.model.selection import Selection, Wish
    from sarto.solve.configurator import Configurator

    chance = random.Random(7)
    configurator = Configurator(line.model)
    file = str(line.folder / "selections" / "customer.toml")
    for index in range(number):
        while configurator.undo():
            pass
        for _ in range(WISHES):
            free = [name for name in configurator.free if line.model.features[name].type is None]
            if free:
                configurator.decide(chance.choice(free), chance.random() < 0.5)
        wishes = {fact.feature: Wish(fact.feature, fact.value) for fact in configurator.decisions}
        yield Selection(file=file, line="../features.toml", customer=f"Customer {index}", wishes=wishes)


def generic(line: ProductLine) -> Selection:
    """The selection of the product that has whatever goes together, asked for in the order of the tree."""
    from sarto.model.selection import Wish
    from sarto.solve.configurator import Configurator

    configurator = Configurator(line.model)
    for name in line.model.preorder():
        if name in configurator.free and line.model.features[name].type is None:
            configurator.decide(name, True)
    wishes = {fact.feature: Wish(fact.feature, fact.value) for fact in configurator.decisions}
    return replace(next(selections(line, 1)), customer="Generic", wishes=wishes)


def toml(selection: Selection, line: ProductLine) -> str:
    """A selection as a file that may stand anywhere."""
    wishes = "".join(f"{json.dumps(name)} = {json.dumps(wish.value)}\n" for name, wish in selection.wishes.items())
    where = json.dumps(str((line.folder / "features.toml").absolute()))
    return f"line = {where}\ncustomer = {json.dumps(selection.customer)}\n\n[select]\n{wishes}"


def interleaved(
    contenders: Mapping[str, Callable[[int], object]],
    number: int,
    block: int,
    clear: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Milliseconds for one customer by each contender: that passed, and of this process; medians over the blocks.

    What is made can be cleared away after each block, so that large files find memory that was in use before: a virtual
    machine may have to ask for other memory, which takes ten times as long as writing there.
    """
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
    order = list(contenders)
    start = time.perf_counter()
    for first in range(0, number, block):
        if time.perf_counter() - start > LONGEST:
            break
        indices = range(first, min(first + block, number))
        for name in order:
            passed, used = time.perf_counter(), time.process_time()
            for index in indices:
                contenders[name](index)
            times = time.perf_counter() - passed, time.process_time() - used
            found[name].append((times[0] / len(indices) * 1000, times[1] / len(indices) * 1000))
        order.append(order.pop(0))
        clear()
    return {"blocks": len(found[order[0]])} | {
        name: {
            "passed": round(statistics.median(each[0] for each in times), 3),
            "processor": round(statistics.median(each[1] for each in times), 3),
        }
        for name, times in found.items()
    }


def own_bytes(built: Path) -> int:
    """Bytes of a build that are in no other one."""
    files = [built] if built.is_file() else built.rglob("*")
    return sum(path.lstat().st_size for path in files if path.is_file() and path.lstat().st_nlink == 1)


def measure_lock(line: ProductLine) -> dict[str, float]:
    """A customer's lock from the line's, projected and by the standard's own rules; and the proof of the family."""
    from packaging.pylock import Pylock
    from packaging.tags import parse_tag
    from sarto.derive.family import clashes
    from sarto.derive.line_lock import line_lock
    from sarto.derive.planning import delivered

    asked = list(selections(line, 100))
    catalog = line.catalog(asked[0])
    features = [delivered(line.resolve(each)) for each in asked]
    projection = catalog.projection(features[0])
    standard = Pylock.from_dict(tomllib.loads(line_lock(line.model, [catalog])))
    extras = [[catalog.request.extras[name] for name in names if name in catalog.request.extras] for names in features]
    environment = cast("Environment", catalog.target.markers)
    tags = [tag for text in catalog.target.tags for tag in parse_tag(text)]
    catalog.fetch_all()

    def median(work: Callable[[int], object], number: int) -> float:
        rounds = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            for index in range(number):
                work(index)
            rounds.append((time.perf_counter() - start) / number)
        return statistics.median(rounds)

    return {
        "projected, microseconds": round(
            median(lambda i: projection.chosen(projection.askers(features[i])), 100) * 1e6, 2
        ),
        "select of the standard, milliseconds": round(
            median(lambda i: list(standard.select(extras=extras[i])), 10) * 1000, 2
        ),
        "select of the standard, its target given, milliseconds": round(
            median(lambda i: list(standard.select(extras=extras[i], environment=environment, tags=tags)), 10) * 1000,
            2,
        ),
        "family proof, milliseconds": round(median(lambda _: list(clashes(line.model, catalog)), 1) * 1000, 2),
        "features": len(line.model.features),
    }


def main() -> None:
    """Run the command that is given, and say what it took."""
    start = time.perf_counter()
    subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
    passed = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {
        "seconds": round(passed, 2),
        "processor seconds": round(used.ru_utime + used.ru_stime, 2),
        "most megabytes of a process": round(used.ru_maxrss / 1024, 1),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
