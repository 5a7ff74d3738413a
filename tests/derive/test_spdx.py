"""Licence expressions as trees, held against an evaluator that works on the text."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.licenses import canonicalize_license_expression
from sarto.derive.spdx import Both, Either, Expression, Name, parse

LICENCES = ("MIT", "ISC", "0BSD", "Zlib", "GPL-3.0-only WITH GCC-exception-3.1")


def test_and_binds_closer_than_or() -> None:
    assert parse("MIT OR ISC AND Zlib") == Either((Name("MIT"), Both((Name("ISC"), Name("Zlib")))))


def test_brackets_come_first() -> None:
    assert parse("(MIT OR ISC) AND Zlib") == Both((Either((Name("MIT"), Name("ISC"))), Name("Zlib")))


def test_an_exception_belongs_to_its_licence() -> None:
    assert parse("GPL-2.0-only WITH Classpath-exception-2.0") == Name("GPL-2.0-only", "Classpath-exception-2.0")


def test_a_deprecated_gnu_name_also_means_the_newer_one() -> None:
    assert Name("GPL-3.0").texts == ("GPL-3.0", "GPL-3.0-only")
    assert Name("LGPL-2.1+").texts == ("LGPL-2.1+", "LGPL-2.1-or-later")
    assert Name("GPL-3.0-only").texts == ("GPL-3.0-only",)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join)
    return joined | inner.map("({})".format)


def expressions() -> st.SearchStrategy[str]:
    return st.recursive(st.sampled_from(LICENCES), deeper, max_leaves=8)


def holds(tree: Expression, allowed: frozenset[str]) -> bool:
    match tree:
        case Name():
            return str(tree) in allowed
        case Both(items):
            return all(holds(item, allowed) for item in items)
        case Either(items):
            return any(holds(item, allowed) for item in items)


@settings(max_examples=200, deadline=None)
@given(expressions(), st.frozensets(st.sampled_from(LICENCES)))
def test_a_tree_means_what_python_reads_in_the_expression(text: str, allowed: frozenset[str]) -> None:
    canonical = canonicalize_license_expression(text)
    python = re.sub(
        r"[^\s()]+( WITH [^\s()]+)?",
        lambda name: name[0].lower() if name[0] in ("AND", "OR") else str(name[0] in allowed),
        canonical,
    )
    assert holds(parse(canonical), allowed) is eval(python)
