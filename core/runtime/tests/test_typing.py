"""Type checkers see points as the functions that they are, and a variant with a wrong signature as an error."""

from __future__ import annotations

import re
import sys
from types import ModuleType

import pytest

CORE = """
from collections.abc import AsyncIterator, Iterator

from sarto_runtime import variation_point


@variation_point
def price(items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return sum(items) * rate + tip


@variation_point
async def fetch(url: str) -> bytes:
    return url.encode()


@variation_point
def lines(path: str) -> Iterator[str]:
    yield path


@variation_point
async def events(topic: str) -> AsyncIterator[int]:
    yield 1


@variation_point(collect=True)
def commands(app: str) -> list[str]:
    return [app]


class Shop:
    @variation_point(name="total")
    def total(self, n: int) -> int:
        return n

    @classmethod
    @variation_point(name="opened")
    def opened(cls, n: int) -> int:
        return n
"""

GOOD = """
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any, Protocol

from core import Shop, commands, events, fetch, lines, price
from sarto_runtime import add, after, around, before, replace


class Price(Protocol):
    def __call__(self, items: list[int], rate: float = ..., *, tip: int = ...) -> float: ...


@before(price)
def dearer(items: list[int], rate: float = 1.0, *, tip: int = 0) -> dict[str, float] | None:
    return {"rate": rate * 2} if items else None


@before(price)
def watched(items: list[int], rate: float = 1.0, *, tip: int = 0) -> None:
    print(items)


@after(price)
def rounded(result: float, items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return round(result, 2)


@around(price)
def capped(proceed: Price, items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return min(proceed(items, rate, tip=tip), 100.0)


@replace(price)
def free(items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return 0.0


@around(fetch)
async def cached(proceed: Callable[[str], Awaitable[bytes]], url: str) -> bytes:
    return await proceed(url)


@after(fetch)
async def trimmed(result: bytes, url: str) -> bytes:
    return result[:10]


@after(fetch)
def trimmed_at_once(result: bytes, url: str) -> bytes:
    return result[:10]


@before(fetch)
async def signed(url: str) -> Mapping[str, Any] | None:
    return {"url": url + "#"}


@replace(fetch)
async def nothing(url: str) -> bytes:
    return b""


@around(lines)
def numbered(proceed: Callable[[str], Iterator[str]], path: str) -> Iterator[str]:
    yield from proceed(path)


@after(events)
async def doubled(result: AsyncIterator[int], topic: str) -> AsyncIterator[int]:
    async for each in result:
        yield each * 2


@add(commands)
def export(app: str) -> str | None:
    return app


@around(Shop.total)
def total(proceed: Callable[[Shop, int], int], self: Shop, n: int) -> int:
    return proceed(self, n)


@around("by_its_name")
def anything(proceed: Callable[..., Any], *arguments: Any) -> Any:
    return proceed(*arguments)


result: float = price([1], tip=2) + rounded(1.0, [1]) + capped(price, [1])
opened: int = Shop.opened(2) + Shop().total(3)
found: list[str] = commands("x")


async def use() -> bytes:
    return await fetch("x")
"""

WRONG = """
from collections.abc import Callable

from core import commands, fetch, lines, price
from sarto_runtime import add, after, around, before, replace, variation_point


@before(price)  # E: arg-type
def too_few(items: list[int]) -> None: ...


@before(price)  # E: type-var
def not_a_mapping(items: list[int], rate: float = 1.0, *, tip: int = 0) -> int:
    return 1


@before(price)  # E: type-var
async def not_at_once(items: list[int], rate: float = 1.0, *, tip: int = 0) -> None: ...


@after(price)  # E: arg-type
def no_result(items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return 1.0


@after(price)  # E: arg-type
def other_result(result: float, items: list[int], rate: float = 1.0, *, tip: int = 0) -> str:
    return ""


@around(price)  # E: arg-type
def wrong_proceed(proceed: Callable[[str], float], items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return proceed("x")


@around(fetch)  # E: arg-type
def not_awaited(proceed: Callable[[str], object], url: str) -> bytes:
    return b""


@replace(price)  # E: arg-type
def no_default(items: list[int], rate: float, *, tip: int = 0) -> float:
    return 0.0


@replace(lines)  # E: arg-type
def other_argument(path: int) -> list[str]:
    return []


@add(commands)  # E: arg-type
def other_item(app: str) -> int:
    return 1


@add(price)  # E: arg-type
def nothing_to_add_to(items: list[int], rate: float = 1.0, *, tip: int = 0) -> float:
    return 0.0


@variation_point(collect=True)  # E: type-var
def no_list(app: str) -> str:
    return app


price("x")  # E: arg-type
price([1], tips=2)  # E: call-arg
"""


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[int, str]]]:
    """What mypy has against each file: line and code."""
    api = pytest.importorskip("mypy.api")
    folder = tmp_path_factory.mktemp("typing")
    for name, text in {"core": CORE, "good": GOOD, "wrong": WRONG}.items():
        folder.joinpath(f"{name}.py").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.py") for name in ("core", "good", "wrong")]
    said, problem, _ = api.run(["--strict", "--no-error-summary", "--cache-dir", str(folder / "cache"), *files])
    assert not problem
    found: dict[str, list[tuple[int, str]]] = {"core": [], "good": [], "wrong": []}
    for file, line, code in re.findall(r"(\w+)\.py:(\d+): error: .*\[([\w-]+)\]$", said, re.MULTILINE):
        found[file].append((int(line), code))
    assert sum(map(len, found.values())) == len(re.findall(": error: ", said)), said
    return found


def test_a_point_is_the_function_that_it_is_and_variants_of_its_signature_are_fine(
    reported: dict[str, list[tuple[int, str]]],
) -> None:
    assert (reported["core"], reported["good"]) == ([], [])


def test_a_variant_with_a_wrong_signature_is_an_error_where_it_is_marked(
    reported: dict[str, list[tuple[int, str]]],
) -> None:
    expected = [
        (number, found[1])
        for number, line in enumerate(WRONG.splitlines(), 1)
        if (found := re.search(r"# E: ([\w-]+)", line))
    ]
    assert sorted(set(reported["wrong"])) == expected


def test_what_the_checks_are_about_can_be_imported_and_run() -> None:
    """The good example is no dead text."""
    names: dict[str, object] = {}
    core = ModuleType("core")
    exec(compile("from __future__ import annotations\n" + CORE, "core", "exec"), vars(core))
    former = sys.modules.get("core")
    sys.modules["core"] = core
    try:
        exec(compile("from __future__ import annotations\n" + GOOD, "good", "exec"), names)
    finally:
        sys.modules.pop("core")
        if former is not None:
            sys.modules["core"] = former
    assert names["result"] == 5.0
