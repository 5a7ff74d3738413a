"""Licences as parts declare them, the most exact statement first."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest
from sarto.derive.licence_names import SPDX_OF_CLASSIFIER, spdx_of_words
from sarto_sbom.licences import licences

OSI = "License :: OSI Approved :: "


def declared(**licence: Any) -> dict[str, Any]:
    return {"license": {**licence, "acknowledgement": "declared"}}


def test_a_licence_expression_wins_and_is_normalised() -> None:
    found = licences("mit or  apache-2.0", "GPL", [f"{OSI}MIT License"])
    assert found == [{"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"}]


def test_a_licence_text_that_is_an_spdx_expression_counts_as_one() -> None:
    found = licences("", "bsd-3-clause", [f"{OSI}BSD License"])
    assert found == [{"expression": "BSD-3-Clause", "acknowledgement": "declared"}]


def test_classifiers_are_mapped_where_they_mean_one_licence_and_named_where_not() -> None:
    found = licences("", "", ["Framework :: Dash", "License :: OSI Approved", f"{OSI}MIT License", f"{OSI}BSD License"])
    assert found == [declared(name="BSD License"), declared(id="MIT")]


def test_a_classifier_beats_a_licence_text_that_means_nothing_exact() -> None:
    assert licences("", "see LICENSE", [f"{OSI}ISC License (ISCL)"]) == [declared(id="ISC")]


def test_a_licence_that_has_only_a_name_keeps_it() -> None:
    assert licences("", "Acme Commercial Licence", []) == [declared(name="Acme Commercial Licence")]


def test_a_whole_licence_in_the_field_is_named_by_its_first_line_and_kept() -> None:
    text = "Acme Licence\n\nYou may look at it."
    content = {"contentType": "text/plain", "content": text}
    assert licences("", f"{text}\n", []) == [declared(name="Acme Licence", text=content)]


@pytest.mark.parametrize("nothing", ["", "  ", "UNKNOWN"])
def test_nothing_declared_gives_no_licence(nothing: str) -> None:
    assert licences("", nothing, ["Programming Language :: Python"]) == []


def test_an_expression_that_breaks_the_standard_falls_back_to_the_classifiers() -> None:
    assert licences("MIT AND", "", [f"{OSI}MIT License"]) == [declared(id="MIT")]


def test_an_expression_that_breaks_the_standard_is_named_where_nothing_else_is_said() -> None:
    assert licences("Acme Commercial Licence", "", []) == [declared(name="Acme Commercial Licence")]


@pytest.mark.parametrize(
    ("words", "spdx"),
    [
        ("Apache License, Version 2.0", "Apache-2.0"), ("Apache 2.0", "Apache-2.0"), ("The MIT License", "MIT"),
        ("BSD 3-Clause License", "BSD-3-Clause"), ("3-clause BSD", "BSD-3-Clause"), ("MPL 2.0", "MPL-2.0"),
        ("BSD", ""), ("Apache", ""), ("MIT and something else", ""), ("GPL", ""), ("", ""),
    ],
)  # fmt: skip
def test_common_words_are_recognised_where_they_mean_one_licence(words: str, spdx: str) -> None:
    assert spdx_of_words(words) == spdx


def test_every_mapped_licence_is_an_spdx_identifier_by_the_official_schema() -> None:
    schema = json.loads(files("cyclonedx.schema").joinpath("_res/spdx.SNAPSHOT.schema.json").read_text("utf-8"))
    assert set(SPDX_OF_CLASSIFIER.values()) <= set(schema["enum"])
