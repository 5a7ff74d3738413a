"""What a further customer costs, on a disk and in memory, beside plain copies and what others take for the same.

Run it as ``python benchmarks/build.py [--peers DIR]`` with the Python that Sarto is installed in. The first run fetches
the parts of ``examples/datasette`` and of Sarto, and with ``--peers`` the peers, each into an environment of its own in
that folder. On each file system, in a process and with a copy of Sarto's cache of its own, customers with random wishes
that go together are resolved, planned and, in a round, built for, and the generic product, which has all that goes
together, is copied; all contenders in turn, BLOCK customers at a time, in an order that changes. Beside the time that
passes stands the processor time, which other work on the machine disturbs less; that of ``cp`` is not in it. "flushed"
is with everything on the disk before it has its place, as ``sarto build`` does it.

Nothing is removed from a disk before the end, and nothing much should have been in the five minutes before: for so long
ext4 does not use the place of a removed file again but looks at each of them for every new one, which may take ten
times as long then.

Results go into ``benchmarks/results/build.json``, after each file system and line: milliseconds and bytes for one
customer, medians over the blocks; ``fleet`` has the seconds of whole runs of ``sarto fleet build`` by two processes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from build_customers import generic, interleaved, measure_lock, own_bytes, selections, toml
from build_peers import copies, make_peers, measure_peers
from sarto.derive import publish
from sarto.derive.cache import cache_folder
from sarto.derive.deliver import deliver
from sarto.derive.plan import Plan
from sarto.derive.round import Round, begin_round
from sarto.line import ProductLine

HERE = Path(__file__).parent
LINES = {"datasette": HERE.parent / "examples" / "datasette", "sarto": HERE.parent}
CUSTOMERS = {"datasette": (1, 10, 100, 1000), "sarto": (100,)}
RESULTS = HERE / "results" / "build.json"
MEMORY = Path("/dev/shm")
FORMATS = {"oci": 100, "venv": 30, "pyz": 40, "tar.zst": 40}
BLOCK = 10
UNFLUSHED = (
    "from sarto.derive import publish; publish._flush_file = publish._begin_flushing = lambda path: None; "
    "from sarto.cli import main; main()"
)
FLUSHED = "from sarto.cli import main; main()"
FLUSHING = publish._flush_file, publish._begin_flushing
Figures = dict[str, Any]


def building(
    format: str, plans: list[Plan], line: ProductLine, during: Round, *, flushed: bool = False, complete: bool = False
) -> Callable[[int], None]:
    """One build of a round, as a fleet makes it, with the system's flushing taken out of the way or not.

    One that is ``complete`` has what installed plugins add to every build, too, as a bill of materials.
    """
    found = line.plugins.build_format(format)
    packs = {format: found.pack}
    from_files = {format: found.pack_files} if found.pack_files else {}
    steps = FLUSHING if flushed else (_pass, _pass)

    def build(index: int) -> None:
        publish._flush_file, publish._begin_flushing = steps  # not a mock, which would take more than a small build
        extra = line.plugins.build_files(plans[index]) if complete else {}
        deliver(plans[index], extra, packs, during.output, from_files=from_files, during=during)

    return build


def _pass(path: object) -> None:
    """In place of flushing."""
    del path


def measure_bundles(number: int, line: ProductLine, whole: Plan, work: Path) -> Figures:
    """So many customers, from the selection to the bundle."""
    asked = list(selections(line, number))
    plans = [line.plan(each) for each in asked]
    product = deliver(whole, {}, {"bundle": line.plugins.build_format("bundle").pack}, work / "whole")["bundle"]
    with ExitStack() as rounds:
        folders = {name: rounds.enter_context(begin_round(work / name)) for name in ("plain", "complete", "flushed")}
        contenders = {
            "resolve": lambda index: line.resolve(asked[index]),
            "resolve and plan": lambda index: line.plan(asked[index]),
            "bundle": building("bundle", plans, line, folders["plain"]),
            "bundle, flushed": building("bundle", plans, line, folders["flushed"], flushed=True),
            "bundle, with the files of plugins": building("bundle", plans, line, folders["complete"], complete=True),
            "cp -al of the generic bundle": copies(product, "-al", work / "links"),
        }
        figures = interleaved(contenders, number, BLOCK)
    figures["new bytes"] = statistics.median(map(own_bytes, (work / "plain").iterdir()))
    figures["new bytes, with the files of plugins"] = statistics.median(map(own_bytes, (work / "complete").iterdir()))
    figures["parts"] = statistics.median(len(plan.parts) for plan in plans)
    return figures


def measure_format(format: str, number: int, line: ProductLine, whole: Plan, work: Path) -> Figures:
    """So many customers of a format, what they share made beforehand; beside the floor for it."""
    plans = [line.plan(each) for each in selections(line, number)]
    packs = {format: line.plugins.build_format(format).pack}
    product = deliver(whole, {}, packs, work / "whole")[format]
    with begin_round(work / "beforehand") as beforehand:
        build = building(format, plans, line, beforehand)
        for index in range(number):
            build(index)
    is_file = product.is_file()
    contenders: dict[str, Callable[[int], object]] = {}
    if is_file:  # of each customer's own file, so that the sizes are the same
        files = {plan.name: path for plan in plans for path in (work / "beforehand").glob(f"{plan.name}.{format}")}
        (work / "copies").mkdir()
        contenders["copying the file"] = lambda index: shutil.copyfile(
            files[plans[index].name], work / "copies" / f"{index}.{format}"
        )
    else:
        contenders["cp -al of the generic product"] = copies(product, "-al", work / "links")
        contenders["cp -a of the generic product"] = copies(product, "-a", work / "copies")
    with begin_round(work / "plain") as plain, begin_round(work / "flushed") as flushed:
        contenders[format] = building(format, plans, line, plain)
        contenders[f"{format}, flushed"] = building(format, plans, line, flushed, flushed=True)

        def clear() -> None:
            for made in ("copies", "plain", "flushed"):
                for path in (work / made).glob(f"*.{format}"):
                    path.unlink()

        figures = interleaved(contenders, number, *((BLOCK // 2, clear) if is_file else (BLOCK,)))
    figures["new bytes"] = statistics.median(map(own_bytes, (work / "beforehand").iterdir()))
    return figures


def measure_fleet(number: int, line: ProductLine, work: Path) -> Figures:
    """The whole of ``sarto fleet build``, with its start, and the most memory that a process of it took.

    One build beforehand lets Python keep the bytecode of all that is imported, as it does for whoever uses Sarto.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    orders, first = work / "orders", work / "first"
    orders.mkdir(parents=True)
    first.mkdir()
    (first / "one.toml").write_text(toml(next(selections(line, 1)), line), encoding="utf-8")
    alone = ["fleet", "build", str(first), "-o", str(work / "one")]
    subprocess.run([sys.executable, "-c", FLUSHED, *alone], check=True, capture_output=True, env=environment)
    for index, each in enumerate(selections(line, number)):
        (orders / f"{index}.toml").write_text(toml(each, line), encoding="utf-8")
    figures: Figures = {}
    for name, program in (("not flushed", UNFLUSHED), ("flushed", FLUSHED)):
        command = ["fleet", "build", str(orders), "-o", str(work / name), "--jobs", "2", "--json"]
        told = subprocess.run(
            [sys.executable, str(HERE / "build_customers.py"), sys.executable, "-c", program, *command],
            check=True, capture_output=True, text=True, env=environment,
        )  # fmt: skip
        figures[name] = json.loads(told.stdout.splitlines()[-1])
    return figures


def measure_place(name: str, place: Path, most: int, peers: Path | None) -> Figures:
    """All about one line on one file system."""
    line = ProductLine.open(LINES[name])
    whole = line.plan(generic(line))
    figures: Figures = {}

    def within(key: str, measure: Callable[[Path], Figures]) -> None:
        work = Path(tempfile.mkdtemp(dir=place))
        figures[key] = measure(work)
        print(f"{name}: {key}: {json.dumps(figures[key])}", file=sys.stderr, flush=True)
        if place.is_relative_to(MEMORY):
            shutil.rmtree(work)

    for number in (each for each in CUSTOMERS[name] if each <= most):
        within(f"{number} customers", partial(measure_bundles, number, line, whole))
    if name == "datasette":
        figures["lock"] = measure_lock(line)
        for format, number in FORMATS.items():
            at_most = min(number, most)
            within(format, partial(measure_format, format, at_most, line, whole))
        for number in (each for each in (100, 1000) if each <= most):
            within(f"fleet of {number}", partial(measure_fleet, number, line))
        if peers:
            packs = {"bundle": line.plugins.build_format("bundle").pack}
            within(
                "peers",
                lambda work: measure_peers(
                    peers, deliver(whole, {}, packs, work)["bundle"], whole.line.core.command, work / "peers"
                ),
            )
    return figures


def main() -> None:
    """Measure each line on each file system in a process of its own, and write the results as they come."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=1000, help="the largest number of customers")
    parser.add_argument("--peers", type=Path, help="where the environments of the peers are, or are to be made")
    parser.add_argument("--lines", nargs="+", default=list(LINES), choices=list(LINES))
    parser.add_argument("--only", choices=("disk", "memory"), help="measure on one file system only")
    parser.add_argument("--place", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    peers = given.peers.absolute() if given.peers else None
    if given.place:
        print(json.dumps(measure_place(given.place[0], Path(given.place[1]), given.most, peers)))
        return
    if peers:
        make_peers(peers)
    results: Figures = {
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}",
        "load at the beginning": round(os.getloadavg()[0], 1),
        "unit": "milliseconds for one customer, that pass and of the processor; bytes; a fleet: seconds, megabytes",
    }
    with ExitStack() as until_the_end:
        for name in given.lines:
            line = ProductLine.open(LINES[name])
            line.plan(generic(line))
            for each in selections(line, 20):  # brings the parts of all features into the cache
                line.plan(each)
            for where, folder in (("disk", Path(tempfile.gettempdir())), ("memory", MEMORY)):
                if not folder.is_dir() or given.only not in (None, where):
                    continue
                made = tempfile.TemporaryDirectory(dir=folder, prefix="sarto-benchmark-")
                place = Path(until_the_end.enter_context(made))
                shutil.copytree(cache_folder(), place / "cache", symlinks=True)
                options = ["--most", str(given.most), *(["--peers", str(peers)] if peers else [])]
                told = subprocess.run(
                    [sys.executable, __file__, "--place", name, str(place), *options],
                    check=True, stdout=subprocess.PIPE, text=True,
                    env=os.environ | {"SARTO_CACHE": str(place / "cache")},
                )  # fmt: skip
                results[f"{name}, {where}"] = json.loads(told.stdout.splitlines()[-1])
                results["load at the end"] = round(os.getloadavg()[0], 1)
                RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
                print(f"{name}, {where}: done", flush=True)


if __name__ == "__main__":
    main()
