"""Variation points and variants as their authors write them: names, methods, orders, and what is said of mistakes."""

from __future__ import annotations

import functools
import gc
import inspect
from typing import Any

import pluggy
import pytest

from sarto_runtime import PluginError, Points, ProductError, add, after, around, before, replace, variation_point
from sarto_runtime.point import PROJECT, point_of

from .plugins import plugin, taken_in

hookimpl = pluggy.HookimplMarker(PROJECT)


@pytest.fixture(autouse=True)
def _points_of_other_tests_are_gone() -> None:
    gc.collect()


def test_a_point_stays_the_function_that_it_is() -> None:
    @variation_point
    def price(items: list[int], /, rate: float = 1.5, *, tip: int = 0) -> float:
        """What the items cost."""
        return sum(items) * rate + tip

    assert price([2, 2], tip=1) == 7.0
    assert (price.__name__, price.__doc__) == ("price", "What the items cost.")
    before_it = inspect.signature(price)

    @around(price)
    def dearer(proceed: Any, items: list[int], /, rate: float = 1.5, *, tip: int = 0) -> float:
        return float(proceed(items, rate, tip=tip + 1))

    with taken_in(plugin("dear", dearer)):
        assert price([2, 2], tip=1) == 8.0
        assert inspect.signature(price) == before_it
        assert inspect.getsource(price).lstrip().startswith("@variation_point")
    assert price([2, 2], tip=1) == 7.0
    assert dearer(lambda *_, **__: 3.0, [1]) == 3.0


def test_methods_of_every_kind_are_points_and_super_works_in_them() -> None:
    class Base:
        def total(self, n: int) -> str:
            return f"base {n}"

    class Shop(Base):
        @variation_point
        def total(self, n: int) -> str:
            return f"{super().total(n)} of {type(self).__name__}"

        @classmethod
        @variation_point(name="shop_open")
        def open(cls, n: int) -> str:
            return f"{cls.__name__} {n}"

        @staticmethod
        @variation_point(name="shop_help")
        def help(n: int) -> str:
            return f"help {n}"

    class Stall(Shop):
        pass

    @after(Shop.total)
    def total(result: str, self: Shop, n: int) -> str:
        return f"{result}!"

    @around("shop_open")
    def opened(proceed: Any, cls: type[Shop], n: int) -> str:
        return f"<{proceed(cls, n + 1)}>"

    @replace(Shop.help)
    def helped(n: int) -> str:
        return f"no help {n}"

    with taken_in(plugin("loud", total, opened, helped)):
        assert Stall().total(2) == "base 2 of Stall!"
        assert Stall.open(1) == "<Stall 2>"
        assert Shop.help(3) == "no help 3"
    assert (Stall().total(2), Stall.open(1), Shop.help(3)) == ("base 2 of Stall", "Stall 1", "help 3")


def test_a_plugin_may_be_an_object_whose_methods_are_variants() -> None:
    @variation_point
    def greet(name: str) -> str:
        return f"Hello {name}"

    class Polite:
        def __init__(self) -> None:
            self.seen: list[str] = []

        @around("greet")
        def wrap(self, proceed: Any, name: str) -> str:
            self.seen.append(name)
            return f"{proceed(name)}, dear"

        @before("greet")
        def change(self, name: str) -> dict[str, str]:
            return {"name": name.title()}

    polite, points = Polite(), Points()
    points.register(polite, "polite")
    assert greet("ada") == "Hello Ada, dear"
    assert polite.seen in (["ada"], ["Ada"])
    points.close()


def test_a_point_that_collects_gives_what_core_and_features_contribute_in_the_planned_order() -> None:
    @variation_point(collect=True)
    def commands(app: str) -> list[str]:
        return [f"{app} run"]

    @add(commands)
    def export(app: str) -> str:
        return f"{app} export"

    @add(commands)
    def nothing(app: str) -> None:
        return None

    @hookimpl(specname="commands")
    def plain() -> str:
        return "as pluggy has it"

    @after(commands)
    def last(result: list[str], app: str) -> list[str]:
        return [*result, f"{len(result)} commands"]

    plugins = [plugin("export", export), plugin("none", nothing), plugin("plain", plain), plugin("count", last)]
    with taken_in(*plugins, order="plain export none count") as points:
        expected = ["x run", "as pluggy has it", "x export", "3 commands"]
        assert commands("x") == expected
        assert points.manager.hook.commands(app="x") == expected


def test_the_order_is_that_of_the_line_of_text_however_plugins_are_registered() -> None:
    @variation_point
    def name() -> str:
        return "core"

    def wrapper(letter: str) -> Any:
        @around("name")
        def wrap(proceed: Any) -> str:
            return f"{letter}({proceed()})"

        return plugin(letter, wrap)

    for registered in ("abc", "cab", "bca"):
        with taken_in(*map(wrapper, registered), order="b c a") as points:
            assert name() == "b(c(a(core)))"
            assert [report.name for report in points.plugins()] == ["b", "c", "a"]
    with taken_in(*map(wrapper, "abc")):
        assert name() == "c(b(a(core)))", "without an order, the last registered is called first, as in pluggy"


def test_in_one_plugin_variants_are_called_as_they_are_written() -> None:
    @variation_point
    def label() -> str:
        return "core"

    @around("label")
    def zebra(proceed: Any) -> str:
        return f"first({proceed()})"

    @after("label")
    def ant(result: str) -> str:
        return f"second({result})"

    with taken_in(plugin("zoo", ant, zebra)):
        assert label() == "first(second(core))"


def test_of_two_features_that_replace_a_function_that_called_first_counts_and_what_wraps_it_stays() -> None:
    @variation_point
    def tax(n: int) -> str:
        return "core"

    def standing_in(name: str) -> Any:
        @replace("tax")
        def instead(n: int) -> str:
            return name

        return plugin(name, instead)

    @after(tax)
    def noted(result: str, n: int) -> str:
        return f"{result} noted"

    with taken_in(standing_in("berlin"), standing_in("paris"), plugin("note", noted), order="paris berlin note"):
        assert tax(1) == "paris noted"


def test_a_plugin_opens_points_of_its_own_for_others() -> None:
    @variation_point
    def page() -> str:
        return "page"

    @variation_point
    def footer() -> str:
        return "footer"

    @after(page)
    def with_footer(result: str) -> str:
        return f"{result} {footer()}"

    @after("footer")
    def longer(result: str) -> str:
        return f"{result} and more"

    with taken_in(plugin("more", longer), plugin("foot", with_footer)):
        assert page() == "page footer and more"


def test_a_recursive_point_goes_through_its_variants_each_time() -> None:
    @variation_point
    def depth(n: int) -> int:
        return 0 if n == 0 else depth(n - 1)

    @after(depth)
    def count(result: int, n: int) -> int:
        return result + 1

    with taken_in(plugin("count", count)):
        assert depth(4) == 5


def test_a_generated_function_with_a_point_below_other_decorators_works() -> None:
    @functools.lru_cache
    @variation_point(name="cached")
    def square(n: int) -> int:
        return n * n

    @after("cached")
    def more(result: int, n: int) -> int:
        return result + 1

    with taken_in(plugin("more", more)):
        assert square(3) == 10


def test_pluggy_takes_variants_for_what_they_are() -> None:
    """Another manager with the same spec accepts them: their first argument is not the hook's."""

    @variation_point
    def sum_up(a: int, b: int) -> int:
        return a + b

    @around(sum_up)
    def wrap(proceed: Any, a: int, b: int) -> int:
        return int(proceed(a, b))

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(type("Host", (), {"sum_up": staticmethod(sum_up)}))
    manager.register(plugin("wrap", wrap))
    (implementation,) = manager.hook.sum_up.get_hookimpls()
    assert list(implementation.argnames) == ["a", "b"]
    assert wrap.__sarto_variant__ == ("around", "sum_up")  # type: ignore[attr-defined]  # what others read
    assert point_of(sum_up) is not None


def test_two_points_of_one_name_are_an_error_that_names_both_places() -> None:
    @variation_point
    def twice() -> None: ...

    with pytest.raises(ProductError) as caught:

        @variation_point(name="twice")
        def other() -> None: ...

    home = f"{__name__}.{test_two_points_of_one_name_are_an_error_that_names_both_places.__name__}.<locals>"
    first, second = (f"{home}.{name} ({__file__}:" for name in ("twice", "other"))
    assert caught.value.what.startswith(f"there are two variation points 'twice': {first}")
    assert f" and {second}" in caught.value.what
    assert caught.value.hint == "give one of them another name, with name="
    del twice
    gc.collect()

    @variation_point(name="twice")
    def third() -> None: ...


def mistake_replacing_a_builtin() -> None:
    variation_point(len)


def mistake_lambda() -> None:
    variation_point(lambda: 1)


def mistake_collecting_generator() -> None:
    @variation_point(collect=True)
    def numbers() -> Any:
        yield 1


def mistake_no_point() -> None:
    before(mistake_lambda)(lambda: None)


def mistake_two_marks() -> None:
    @before("one")
    @after("other")
    def both(result: int) -> None: ...


def mistake_class_method() -> None:
    class Shop:
        @classmethod
        @variation_point(name="shop_mistake")
        def open(cls) -> int:
            return 1

    after(Shop.open)(lambda result: result)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (mistake_replacing_a_builtin,
         "a variation point is a function that is written in Python, and this is a builtin_function_or_method"),
        (mistake_lambda, "'<lambda>' cannot be the name of a variation point; give it one with name="),
        (mistake_collecting_generator,
         "the variation point 'numbers' collects a list, so it cannot be a generator"),
        (mistake_no_point, "mistake_lambda is not a variation point; it lacks @variation_point"),
        (mistake_two_marks,
         "mistake_two_marks.<locals>.both is already marked as 'after' of 'other'"),
        (mistake_class_method,
         "'shop_mistake' is the variation point of a class method: name it as text; its variants are given the class "
         "first"),
    ],
)  # fmt: skip
def test_a_mistake_of_an_author_is_an_error_at_once(mistake: Any, message: str) -> None:
    with pytest.raises(TypeError) as caught:
        mistake()
    assert str(caught.value) == message


def variants_that_do_not_fit() -> list[tuple[Any, str]]:
    @after("cost")
    def too_few(result: int, n: int) -> int:
        return result

    @around("cost")
    def too_many(proceed: Any, n: int, m: int, extra: str) -> int:
        return 1

    @before("cost")
    def other_name(n: int, m: int, *, tipp: int) -> None: ...

    @replace("cost")
    async def coroutine(n: int, m: int, *, tip: int = 0) -> int:
        return 1

    @add("cost")
    def adding(n: int, m: int, *, tip: int = 0) -> int:
        return 1

    @before("costs")
    def no_hook(n: int) -> None: ...

    @hookimpl(specname="cost")
    def plain(n: int, vat: int) -> int:
        return 1

    line = "test_points.py:"
    return [
        (too_few, f"cannot be called after 'cost': it does not take 'm' (…{line}…)"),
        (too_many, "cannot be registered: Argument(s) {'extra'} are declared in the hookimpl but can not be found in "
                   "the hookspec"),
        (other_name, f"cannot be called before 'cost': it takes 'tipp', which is not given by name (…{line}…)"),
        (coroutine, "has a coroutine function 'replace' the point 'cost', which is none"),
        (adding, "adds to 'cost', which collects nothing"),
        (no_hook, "changes 'costs', which is no variation point"),
        (plain, "cannot be registered: Argument(s) {'vat'} are declared in the hookimpl but can not be found in the "
                "hookspec"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", range(7))
def test_a_variant_that_does_not_fit_its_point_is_refused_by_feature_and_part(number: int) -> None:
    @variation_point
    def cost(n: int, m: int, *, tip: int = 0) -> int:
        return n

    variant, message = variants_that_do_not_fit()[number]
    points = Points()
    with pytest.raises(PluginError) as caught:
        points.register(plugin("bad", variant), feature="bad", part="shop-bad")
    begin, _, end = message.partition("…")
    said = caught.value.what
    assert said.startswith(f"feature 'bad' (part shop-bad) {begin}")
    assert said.endswith(end.rpartition("…")[2])
    assert points.plugins() == ()
    assert (cost(3, 1), points.manager.get_plugins()) == (3, set())
    points.close()


def test_a_variant_of_a_hook_that_need_not_be_there_is_no_mistake_when_it_is_not() -> None:
    @before("nowhere", optional=True)
    def maybe(n: int) -> None: ...

    with taken_in(plugin("maybe", maybe)) as points:
        assert points.plugins()[0].state == "on"


def test_changed_arguments_that_make_no_sense_are_named() -> None:
    @variation_point
    def cost(n: int) -> int:
        return n

    @before(cost)
    def tuple_it(n: int) -> Any:
        return (n + 1,)

    @before(cost)
    def misspelt(n: int) -> Any:
        return {"m": 1}

    for variant, words in (
        (tuple_it, "gives a tuple, where None or a mapping of the changed arguments is due"),
        (misspelt, "changes the argument 'm', and there is none of this name"),
    ):
        with taken_in(plugin("odd", variant)), pytest.raises(TypeError) as caught:
            cost(1)
        assert str(caught.value).startswith("'before' of feature 'odd' (part shop-odd) in ")
        assert str(caught.value).endswith(words)


def test_an_exception_says_which_feature_has_raised_it() -> None:
    @variation_point
    def cost(n: int) -> int:
        return 10 // n

    @around(cost)
    def pass_on(proceed: Any, n: int) -> int:
        return int(proceed(n))

    @before(cost)
    def picky(n: int) -> None:
        if n < 0:
            raise ValueError("negative")

    with taken_in(plugin("pass", pass_on), plugin("picky", picky), order="pass picky"):
        with pytest.raises(ValueError, match="negative") as caught:
            cost(-1)
        (note,) = caught.value.__notes__
        assert note.startswith("raised at 'cost' by 'before' of feature 'picky' (part shop-picky) in ")
        with pytest.raises(ZeroDivisionError) as plain:
            cost(0)
        assert not hasattr(plain.value, "__notes__"), "the core's own exceptions are the core's"


def test_a_hook_of_the_manager_that_somebody_else_has_specified_is_not_taken() -> None:
    class Specs:
        @pluggy.HookspecMarker(PROJECT)
        def cost(self, n: int) -> None: ...

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Specs)

    @variation_point
    def cost(n: int) -> int:
        return n

    with pytest.raises(ProductError, match=r"the hook 'cost' is there already, and .* cannot be a variation point"):
        Points(manager)
