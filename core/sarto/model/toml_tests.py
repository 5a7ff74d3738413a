"""What a features.toml says of the line's tests."""

from __future__ import annotations

from .line import Suite
from .toml_features import requirement_fault
from .toml_table import Table
from .values import shown

__all__ = ["TESTS_KEYS", "read_tests"]

TESTS_KEYS = ("paths", "requirements", "seconds")


def read_tests(table: Table) -> Suite:
    """The suite; one that names no path has nothing to run, which is said where it is to be run."""
    default = Suite()
    seconds = table.number("seconds", default.seconds)
    if seconds is None or seconds <= 0:
        table.fault(f"{shown(seconds)} s leave no time for a test", "seconds", hint="write a number above 0")
        seconds = default.seconds
    if "paths" in table and table.content["paths"] == []:
        table.fault("the suite names no tests", "paths", hint='write paths = ["tests"]')
    return Suite(
        paths=table.texts("paths"),
        requirements=table.texts("requirements", default.requirements, check=requirement_fault),
        seconds=seconds,
    )
