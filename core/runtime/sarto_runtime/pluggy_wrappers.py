"""pluggy's own wrappers, generators that yield once, as its documentation has them behave."""

from __future__ import annotations

import warnings
from collections.abc import Generator
from typing import Any, NoReturn

import pluggy

__all__ = ["begun", "sent", "sent_old", "thrown", "thrown_old"]

Wrapper = Generator[None, Any, Any]


def begun(wrapper: Wrapper) -> Wrapper:
    """The wrapper, run up to its ``yield``."""
    try:
        next(wrapper)
    except StopIteration:
        _misused(wrapper, "did not yield")
    return wrapper


def sent(wrapper: Wrapper, result: Any) -> Any:
    """What a wrapper makes of the result."""
    try:
        wrapper.send(result)
    except StopIteration as end:
        return end.value
    wrapper.close()
    _misused(wrapper, "has second yield")


def thrown(wrapper: Wrapper, error: BaseException) -> Any:
    """What a wrapper makes of an exception: a result, or the same or another exception."""
    try:
        wrapper.throw(error)
    except StopIteration as end:
        return end.value
    except RuntimeError as other:
        if isinstance(error, StopIteration) and other.__cause__ is error:
            raise error from None  # a generator cannot let this one through
        raise
    wrapper.close()
    _misused(wrapper, "has second yield")


def sent_old(wrapper: Wrapper, result: Any) -> Any:
    """What an old-style wrapper makes of the result, which it is given in a box."""
    return _finished(wrapper, pluggy.Result(result, None))


def thrown_old(wrapper: Wrapper, error: BaseException) -> Any:
    """What an old-style wrapper makes of an exception."""
    return _finished(wrapper, pluggy.Result(None, error))


def _finished(wrapper: Wrapper, outcome: pluggy.Result[Any]) -> Any:
    try:
        wrapper.send(outcome)
    except StopIteration:
        return outcome.get_result()
    except BaseException as error:
        name = wrapper.gi_code.co_name  # type: ignore[attr-defined]  # of every generator
        text = f"the old-style wrapper '{name}' raised in its teardown: {type(error).__name__}: {error}"
        warnings.warn(pluggy.PluggyTeardownRaisedWarning(text), stacklevel=4)
        raise
    wrapper.close()
    _misused(wrapper, "has second yield")


def _misused(wrapper: Wrapper, what: str) -> NoReturn:
    code = wrapper.gi_code  # type: ignore[attr-defined]  # of every generator
    raise RuntimeError(f"the wrapper '{code.co_name}' ({code.co_filename}:{code.co_firstlineno}) {what}")
