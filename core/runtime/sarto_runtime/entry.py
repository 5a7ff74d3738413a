"""What a variation point itself runs while it has variants: code that takes the place of the function's own."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

from .point import Point
from .shape import Flavour, Shape, texts_of

__all__ = ["entry"]

Call = Callable[..., Any]
ITERABLE_COROUTINE = 0x100
CHAIN, NAME, DELEGATE = "a chain of layers", "who names them", "who delegates"
ERRORS, ALL, END, CLOSED = "Exception", "BaseException", "StopAsyncIteration", "GeneratorExit"

BODIES: dict[Flavour, str] = {
    "plain": """
try:
    return {chain}({call})
except {errors} as error_:
    {name}(error_)
    raise
""",
    "coroutine": """
try:
    return await {chain}({call})
except {errors} as error_:
    {name}(error_)
    raise
""",
    "generator": "return (yield from {chain}({call}))",
    "async generator": """
inner_ = {delegate}({chain}({call}))
try:
    item_ = await inner_.asend(None)
    while True:
        try:
            sent_ = yield item_
        except {closed}:
            raise
        except {all} as error_:
            item_ = await inner_.athrow(error_)
        else:
            item_ = await inner_.asend(sent_)
except {end}:
    return
finally:
    await inner_.aclose()
""",
}
"""What a point does, by its flavour; for asynchronous generators what ``yield from`` does for the others (PEP 380)."""


def entry(point: Point, chain: Call, name: Callable[[BaseException], None]) -> CodeType:
    """The code with which ``point`` calls ``chain``; ``name`` is told of an exception, which goes on to the caller.

    The function stays of its flavour: a coroutine function is one, and a generator runs when it is asked for an item.
    The chain is a constant of the code, so that nothing is looked up, and to exchange it is to exchange the code.
    """
    own = point.base.__code__
    template = _template(point.shape, point.flavour, len(own.co_freevars))
    constants: dict[Any, Any] = {
        CHAIN: chain, NAME: name, DELEGATE: _delegate, ERRORS: Exception, ALL: BaseException, END: StopAsyncIteration,
        CLOSED: GeneratorExit,
    }  # fmt: skip
    return template.replace(
        co_consts=tuple(constants.get(each, each) if type(each) is str else each for each in template.co_consts),
        co_flags=template.co_flags | own.co_flags & ITERABLE_COROUTINE,
        co_name=own.co_name,
        co_qualname=own.co_qualname,
        co_filename=own.co_filename,
        co_firstlineno=own.co_firstlineno,
    )


@lru_cache(1000)
def _template(shape: Shape, flavour: Flavour, free: int) -> CodeType:
    """Code with texts where the constants belong.

    It has as many free variables as the function's own code, or it could not take its place; it never reads them.
    All of it stands on one line, that of the function's definition.
    """
    declared, call, _ = texts_of(shape)
    words = {
        "chain": CHAIN, "name": NAME, "delegate": DELEGATE, "errors": ERRORS, "all": ALL, "end": END, "closed": CLOSED,
    }  # fmt: skip
    # A text as such cannot be called without a warning; which branch is taken the compiler knows.
    constants = {key: f"({word!r} if 1 else 0)" for key, word in words.items()}
    variables = [f"free{number}_" for number in range(free)]
    text = [*BODIES[flavour].format(call=call, **constants).strip().splitlines(), *variables]
    kind = "async def" if flavour in ("coroutine", "async generator") else "def"
    source = [f"def make({', '.join(variables)}):", f"  {kind} entry({declared}):", *(f"    {line}" for line in text)]
    tree = ast.parse("\n".join([*source, "  return entry"]))
    for node in ast.walk(tree):
        if hasattr(node, "lineno"):
            node.lineno = node.end_lineno = 1  # type: ignore[attr-defined]  # as the check before says
            node.col_offset = node.end_col_offset = 0  # type: ignore[attr-defined]  # as above
    names: dict[str, Any] = {}
    exec(compile(tree, "<variation point>", "exec"), names)
    code: CodeType = names["make"](*variables).__code__
    return code


def _delegate(iterator: Any) -> Any:
    """An asynchronous iterator that can also be sent to, thrown at and closed, as generators can."""
    return iterator if hasattr(iterator, "asend") else _generated(iterator)


async def _generated(iterator: Any) -> Any:
    async for item in iterator:
        yield item
