"""What a further customer costs, beside copying and linking the same files.

Run it as ``python benchmarks/build.py`` with the Python that Sarto is installed in; the first run fetches the parts of
``examples/datasette``. For each number of customers it resolves, plans and assembles that many bundles of
selections drawn at random from the line, once with everything flushed to the disk (as ``sarto build`` does)
and once without; then ``cp -al`` and ``cp -a`` make as many copies of the generic product, which has all that goes
together. The other formats in FORMATS are measured likewise, beside ``cp -al`` of the generic product in that format,
for at most FEWER customers. All is on the file system of the folder for temporary files, where SARTO_CACHE should be,
too: else parts are copied instead of linked.
Results go into ``benchmarks/results/build.json``: milliseconds and bytes for one customer, medians of ROUNDS.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from sarto.derive import publish
from sarto.derive.deliver import deliver
from sarto.derive.plan import Plan
from sarto.line import ProductLine
from sarto.model.selection import Selection, Wish
from sarto.solve.configurator import Configurator

LINE = Path(__file__).parents[1] / "examples" / "datasette"
RESULTS = Path(__file__).parent / "results" / "build.json"
ROUNDS = 3
CUSTOMERS = (1, 10, 100, 1000)
FEWER = 100
FORMATS = ("oci", "venv")
WISHES = 8


def selections(line: ProductLine, number: int) -> Iterator[Selection]:
    """As many customers, each with some random wishes that go together."""
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
    configurator = Configurator(line.model)
    for name in line.model.preorder():
        if name in configurator.free and line.model.features[name].type is None:
            configurator.decide(name, True)
    wishes = {fact.feature: Wish(fact.feature, fact.value) for fact in configurator.decisions}
    return replace(next(selections(line, 1)), customer="Generic", wishes=wishes)


def each(work: Callable[[int], object], number: int) -> float:
    """Milliseconds for one of so many runs, in one go."""
    start = time.perf_counter()
    for index in range(number):
        work(index)
    return (time.perf_counter() - start) / number * 1000


def own_bytes(folder: Path) -> int:
    """Bytes of a build that are in no other one."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.stat().st_nlink == 1)


def copies(product: Path, option: str, folder: Path, number: int) -> float:
    """Milliseconds for one copy that ``cp`` makes with the option."""
    folder.mkdir(parents=True)
    command = ["cp", option, str(product)]
    return each(lambda index: subprocess.run([*command, str(folder / str(index))], check=True), number)


def measure_format(name: str, plans: list[Plan], whole: Plan, line: ProductLine, work: Path) -> dict[str, float]:
    """One round of a format whose parts are prepared: flushed, not flushed, and copies of the generic product."""
    packs = {name: line.plugins.build_format(name).pack}
    product = deliver(whole, {}, packs, work / "whole")[name]
    for index, plan in enumerate(plans):
        deliver(plan, {}, packs, work / "prepared" / str(index))
    shutil.rmtree(work / "prepared")
    figures = {f"{name}, flushed": each(lambda index: deliver(plans[index], {}, packs, work / "flushed"), len(plans))}
    flush, publish._flush = publish._flush, lambda made: None  # noqa: ARG005
    try:
        figures[name] = each(lambda index: deliver(plans[index], {}, packs, work / "plain"), len(plans))
    finally:
        publish._flush = flush
    figures[f"{name}: cp -al"] = copies(product, "-al", work / "copies", len(plans))
    figures[f"{name}: new bytes"] = statistics.median(map(own_bytes, (work / "plain").iterdir()))
    return figures


def measure(number: int, whole: Plan, line: ProductLine) -> dict[str, float]:
    """One round with so many customers."""
    asked = list(selections(line, number))
    packs = {"bundle": line.plugins.build_format("bundle").pack}
    plans = [line.plan(each) for each in asked]
    work = Path(tempfile.mkdtemp())
    try:
        deliver(whole, {}, packs, work / "whole")
        product = work / "whole" / whole.name
        figures = {
            "resolve": each(lambda index: line.resolve(asked[index]), number),
            "resolve and plan": each(lambda index: line.plan(asked[index]), number),
            "bundle, flushed": each(lambda index: deliver(plans[index], {}, packs, work / "flushed"), number),
        }
        flush, publish._flush_file = publish._flush_file, lambda path: None  # noqa: ARG005
        try:
            figures["bundle"] = each(lambda index: deliver(plans[index], {}, packs, work / "plain"), number)
        finally:
            publish._flush_file = flush
        for name, option in (("cp -al", "-al"), ("cp -a", "-a")):
            figures[name] = copies(product, option, work / option, min(number, FEWER))
        figures["new bytes"] = statistics.median(map(own_bytes, (work / "plain").iterdir()))
        figures["parts"] = statistics.median(len(plan.parts) for plan in plans)
        for name in FORMATS:
            figures |= measure_format(name, plans[:FEWER], whole, line, work / name)
    finally:
        shutil.rmtree(work)
    return figures


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=CUSTOMERS[-1], help="the largest number of customers")
    most = parser.parse_args().most
    line = ProductLine.open(LINE)
    whole = line.plan(generic(line))
    results: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "load at the beginning": round(os.getloadavg()[0], 1),
        "unit": "milliseconds for one customer; bytes",
    }
    for number in (each for each in CUSTOMERS if each <= most):
        rounds = [measure(number, whole, line) for _ in range(ROUNDS)]
        medians = {key: round(statistics.median(each[key] for each in rounds), 3) for key in rounds[0]}
        results[f"{number} customers"] = medians
        print(number, json.dumps(medians))
    results["load at the end"] = round(os.getloadavg()[0], 1)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
