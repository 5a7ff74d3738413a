"""A function may become a variation point at any time, and more than once: all of it has the variants."""

from __future__ import annotations

import gc
import importlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sarto_runtime import Points, ProductError, after, around, variation_point
from sarto_runtime.point import PROJECT, points_named

from .plugins import module_file, plugin, taken_in


@pytest.fixture(autouse=True)
def _points_of_other_tests_are_gone() -> None:
    gc.collect()


def shop(rate: int) -> Callable[[int], int]:
    @variation_point
    def price(n: int) -> int:
        return n * rate

    return price


@after("price", optional=True)
def dearer(result: int, n: int, gift: bool = False) -> int:
    return result + 100


def test_each_function_that_is_one_point_has_the_variants_and_gives_them_up() -> None:
    first, second = shop(1), shop(2)
    with taken_in(plugin("dear", dearer)) as points:
        assert (first(1), second(1)) == (101, 102)
        third = shop(3)
        assert (first(1), second(1), third(1)) == (101, 102, 103), "one that comes later has them at once"
        with points.trace() as trace:
            fourth = shop(4)
            assert [each(1) for each in (first, second, third, fourth)] == [101, 102, 103, 104]
        assert len({event.call for event in trace.events}) == 4
        assert points.manager.hook.price(n=1) == 104, "of all, the hook is the last"
        del fourth
        gc.collect()
        assert points.manager.hook.price(n=1) == 103, "and the one before where that is gone"
        points.arrange([])
        assert (first(1), second(1), third(1)) == (1, 2, 3)
        points.arrange(["dear"])
        assert (first(1), second(1), third(1)) == (101, 102, 103)
    assert (first(1), second(1), third(1), shop(4)(1)) == (1, 2, 3, 4)


def test_functions_that_nobody_has_any_more_are_not_kept() -> None:
    with taken_in(plugin("dear", dearer)) as points:
        kept = shop(1)
        for _ in range(50):
            assert shop(2)(1) == 102
        assert len(points_named(PROJECT, "price")) == 1, "the one that is left"
        gc.collect()
        woven = [each for each in points._weaver._seen if each.name == "price"]
        assert len(woven) <= 2, "that, and the last one, which stands for the hook"
        assert kept(1) == 101


SHOP = """
from sarto_runtime import variation_point
{more}
@variation_point
def price({parameters}):
    return n * {rate}
"""


def test_a_module_that_is_imported_later_or_reloaded_has_the_variants_at_once(tmp_path: Path) -> None:
    text = SHOP.format(more="", parameters="n", rate=2)
    with taken_in(plugin("dear", dearer)) as points, module_file(tmp_path, "late_shop", text):
        module = importlib.import_module("late_shop")
        former = module.price
        assert former(1) == 102
        text = SHOP.format(more="# a line\n# and another, in an editor", parameters="n, gift=False", rate=30)
        tmp_path.joinpath("late_shop.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        again = importlib.reload(module)
        assert (again.price(1), former(1)) == (130, 102), "who holds the function of before has them, too"
        assert points.manager.hook.price(n=2, gift=True) == 160


def test_a_module_that_runs_as_a_program_and_is_imported_too_is_one_shop(tmp_path: Path) -> None:
    text, path = SHOP.format(more="", parameters="n", rate=2), tmp_path / "twice_shop.py"
    with taken_in(plugin("dear", dearer)), module_file(tmp_path, "twice_shop", text):
        one = importlib.import_module("twice_shop").price
        scope: dict[str, Any] = {"__name__": "__main__"}
        exec(compile(text, str(path), "exec"), scope)
        assert (one(1), scope["price"](1)) == (102, 102)


def test_a_function_that_is_defined_anew_at_the_prompt_is_the_same_point() -> None:
    scope: dict[str, Any] = {"__name__": "__console__", "variation_point": variation_point}
    with taken_in(plugin("dear", dearer)):
        for number in (1, 2):
            text = f"@variation_point\ndef price(n):\n  return n * {number}\n"
            exec(compile(text, f"<input-{number}>", "exec"), scope)
            assert scope["price"](1) == 100 + number


def test_another_function_of_the_name_is_still_an_error_with_both_places() -> None:
    kept = shop(1)
    with pytest.raises(ProductError, match=r"there are two variation points 'price': .*shop.*price .* and .*other"):

        @variation_point(name="price")
        def other(n: int) -> int:
            return n

    assert kept(1) == 1


def test_points_that_come_while_others_arrange_get_what_is_in_place_then() -> None:
    made: list[Callable[[int], int]] = []
    stop = threading.Event()

    def make() -> None:
        while not stop.is_set() and len(made) < 200:
            made.append(shop(1))

    with taken_in(plugin("dear", dearer)) as points:
        keeper = shop(1)
        maker = threading.Thread(target=make)
        maker.start()
        for _ in range(20):
            points.arrange([])
            points.arrange(["dear"])
        stop.set()
        maker.join()
        assert {each(1) for each in (*made, keeper)} == {101}
    assert {each(1) for each in made} == {1}


def test_a_point_made_by_a_plugin_that_starts_waits_for_the_end_of_the_arrangement() -> None:
    made: list[Callable[[int], int]] = []
    kept = shop(1)
    starting = plugin("starting", dearer, start=lambda: made.append(shop(2)))
    points = Points()
    points.register(starting, "starting")
    assert (kept(1), made[0](1)) == (101, 102)
    points.close()


def test_a_variant_that_wraps_goes_around_each_with_what_that_one_does() -> None:
    first, second = shop(1), shop(2)

    @around("price")
    def doubled(proceed: Callable[[int], int], n: int) -> int:
        return proceed(n) * 2

    with taken_in(plugin("double", doubled)):
        assert (first(5), second(5)) == (10, 20)
