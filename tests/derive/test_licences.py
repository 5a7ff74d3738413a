"""Licence policies: which parts they keep out of a build and of a line, by name and with the feature behind."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pluggy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.derive.contracts import part_findings
from sarto.derive.licence_names import may_be
from sarto.derive.licences import Declared, declared, licence_errors
from sarto.derive.plan import Part, ResolvedTarget
from sarto.derive.planning import plan
from sarto.derive.prepare import prepare
from sarto.errors import SartoError
from sarto.model.line import LicencePolicy, LineDescription
from sarto.model.toml_line import read_line
from sarto.solve.soundness import Severity

from .making import line_of, make_wheel, pluggy_wheel, resolved, selection_of

LINE = """
[line]
name = "shop"
version = "1"
root = "shop"

[core]
parts = ["shop"]
command = "shop"
sources = ["wheelhouse"]

[targets]
python = "3.11"
platforms = "manylinux_2_28_x86_64"

[features.shop]
optional = ["maps", "charts"]

[features.maps]
parts = ["shop-maps"]

[features.charts]
parts = ["shop-charts"]

[licences]
"""
CLASSIFIER = "Classifier: License :: OSI Approved :: "


def wheels(folder: Path, maps: str = "License-Expression: GPL-3.0-only") -> Path:
    """A shop under MIT, whose maps need a part of the given licence, and whose charts say nothing of theirs."""
    points = "[console_scripts]\nshop = shop:main\n"
    house = folder / "wheelhouse"
    make_wheel(house, "shop", entry_points=points, metadata="License-Expression: MIT")
    make_wheel(house, "shop-maps", requires=["shop-geo"], metadata="License: Apache 2.0")
    make_wheel(house, "shop-geo", metadata=maps)
    make_wheel(house, "shop-charts")
    pluggy_wheel(house)
    return folder


def build(folder: Path, policy: str, *features: str, target: ResolvedTarget) -> LineDescription:
    line = line_of(LINE + policy, folder)
    plan(line, folder, selection_of(), resolved(line, *features), prepare(line, folder, target, features=()))
    return line


def test_a_denied_licence_fails_the_build_by_part_licence_and_feature(tmp_path: Path, linux: ResolvedTarget) -> None:
    folder = wheels(tmp_path)
    with pytest.raises(SartoError) as caught:
        build(folder, 'deny = ["GPL-3.0*"]', "maps", target=linux)
    assert str(caught.value) == (
        "features.toml: licences.deny: part 'shop-geo' 1.0 has the licence 'GPL-3.0-only', which 'GPL-3.0*' denies; "
        "it comes with the feature 'maps'\n"
        "  hint: build without 'maps', or take another part, or take 'GPL-3.0*' out of the list"
    )
    assert build(folder, 'deny = ["GPL-3.0*"]', "charts", target=linux)


def test_a_list_of_allowed_licences_keeps_out_all_others_and_the_unknown(tmp_path: Path, linux: ResolvedTarget) -> None:
    folder = wheels(tmp_path)
    with pytest.raises(SartoError) as caught:
        build(folder, 'allow = ["MIT"]', "maps", "charts", target=linux)
    assert [(str(error.where), error.what) for error in caught.value.errors] == [
        ("features.toml: licences.allow", what)
        for what in (
            f"part 'pluggy' {pluggy.__version__} says nothing of its licence; every build has it",
            "part 'sarto-runtime' 0.1.0 has the licence 'Apache-2.0', which is not among those allowed; "
            "every build has it",
            "part 'shop-charts' 1.0 says nothing of its licence; it comes with the feature 'charts'",
            "part 'shop-geo' 1.0 has the licence 'GPL-3.0-only', which is not among those allowed; "
            "it comes with the feature 'maps'",
            "part 'shop-maps' 1.0 has the licence 'Apache-2.0', which is not among those allowed; "
            "it comes with the feature 'maps'",
        )
    ]
    assert build(folder, 'allow = ["MIT", "Apache-2.0"]\nunknown = "allow"', "charts", target=linux)


def test_sarto_check_finds_the_same_over_the_whole_line(tmp_path: Path, workshop: Path) -> None:
    folder = wheels(tmp_path)
    line = line_of(LINE + 'deny = ["GPL-3.0*"]', folder)
    said = [finding for finding in part_findings(line, folder) if finding.kind == "licence"]
    found = [finding for finding in said if finding.severity is Severity.ERROR]
    assert [(finding.severity.value, finding.what, str(finding.where)) for finding in found] == [
        (
            "error",
            "part 'shop-geo' 1.0 has the licence 'GPL-3.0-only', which 'GPL-3.0*' denies; "
            "it comes with the feature 'maps'",
            "features.toml: licences.deny",
        )
    ]


def faults(tmp_path: Path, policy: str, *metadata: str, features: Sequence[str] = ("maps",)) -> list[str]:
    """What a policy says of one part with these lines of metadata."""
    line = line_of(LINE + policy, tmp_path)
    path = make_wheel(tmp_path / "one", "thing", metadata="\n".join(metadata))
    content = path.read_bytes()
    part = Part(
        name="thing", version="1.0", filename=path.name, sha256=hashlib.sha256(content).hexdigest(),
        size=len(content), path=path, features=tuple(features),
    )  # fmt: skip
    return [f"{error.where}: {error.what}" for error in licence_errors(line, [part])]


@pytest.mark.parametrize(
    ("policy", "licence"),
    [
        ('deny = ["GPL-3.0*"]', "MIT OR GPL-3.0-only"),
        ('allow = ["MIT"]', "GPL-3.0-only OR MIT"),
        ('allow = ["MIT", "ISC"]', "MIT AND ISC"),
        ('allow = ["mit"]', "MIT"),
        ('allow = ["Apache-2.0"]', "Apache-2.0 WITH LLVM-exception"),
        ('deny = ["GPL-3.0-only"]', "GPL-2.0-only"),
        ('allow = ["LicenseRef-Acme"]', "LicenseRef-Acme"),
    ],
)
def test_a_licence_that_the_policy_lets_in(policy: str, licence: str, tmp_path: Path) -> None:
    assert faults(tmp_path, policy, f"License-Expression: {licence}") == []


@pytest.mark.parametrize(
    ("policy", "licence", "what"),
    [
        (
            'deny = ["GPL-3.0*"]', "MIT AND GPL-3.0-or-later",
            "deny: part 'thing' 1.0 has the licence 'MIT AND GPL-3.0-or-later', and of that 'GPL-3.0-or-later' is "
            "denied by 'GPL-3.0*'",
        ),
        (
            'allow = ["MIT"]', "MIT AND (ISC OR Zlib)",
            "allow: part 'thing' 1.0 has the licence 'MIT AND (ISC OR Zlib)', and of that 'ISC' is not allowed",
        ),
        (
            'deny = ["GPL-3.0-only"]', "GPL-3.0",
            "deny: part 'thing' 1.0 has the licence 'GPL-3.0', which 'GPL-3.0-only' denies",
        ),
        (
            'deny = ["GPL-2.0-only"]', "GPL-2.0-only WITH Classpath-exception-2.0",
            "deny: part 'thing' 1.0 has the licence 'GPL-2.0-only WITH Classpath-exception-2.0', which "
            "'GPL-2.0-only' denies",
        ),
        ('deny = ["MIT"]\nallow = ["MIT"]', "MIT", "deny: part 'thing' 1.0 has the licence 'MIT', which 'MIT' denies"),
    ],
)  # fmt: skip
def test_a_licence_that_the_policy_keeps_out(policy: str, licence: str, what: str, tmp_path: Path) -> None:
    assert faults(tmp_path, policy, f"License-Expression: {licence}") == [
        f"features.toml: licences.{what}; it comes with the feature 'maps'"
    ]


def test_a_name_that_means_no_one_licence_is_unknown(tmp_path: Path) -> None:
    unclear = (f"{CLASSIFIER}BSD License", f"{CLASSIFIER}MIT License")
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]', *unclear) == []
    assert faults(tmp_path, 'unknown = "deny"', *unclear, features=("maps", "charts")) == [
        "features.toml: licences.unknown: part 'thing' 1.0 says 'BSD License', which means no one SPDX licence; "
        "it comes with the features 'maps', 'charts'"
    ]


def test_several_classifiers_hold_together(tmp_path: Path) -> None:
    both = (f"{CLASSIFIER}MIT License", f"{CLASSIFIER}GNU General Public License v3 (GPLv3)")
    assert declared("", "", [line.removeprefix("Classifier: ") for line in both]) == Declared(("GPL-3.0-only", "MIT"))
    assert len(faults(tmp_path, 'deny = ["GPL-3.0*"]', *both)) == 1


@pytest.mark.parametrize(
    ("expression", "free_text", "classifiers", "found"),
    [
        ("mit or isc", "GPL", [], Declared(("MIT OR ISC",))),
        ("", "BSD-3-Clause", ["License :: OSI Approved :: MIT License"], Declared(("BSD-3-Clause",), against=("MIT",))),
        ("", "MIT or ISC", ["License :: OSI Approved :: MIT License"], Declared(("MIT OR ISC",))),
        ("", "MIT No Attribution License (MIT-0)", [], Declared(("MIT-0",))),
        ("MIT OR", "", [], Declared(names=("MIT OR",))),
        ("", "see LICENSE", ["License :: OSI Approved :: MIT License"], Declared(("MIT",))),
        ("", "Acme Licence\n\nYou may look.", [], Declared(names=("Acme Licence",))),
        ("", "UNKNOWN", ["License :: OSI Approved"], Declared()),
    ],
)
def test_the_most_exact_statement_counts(
    expression: str, free_text: str, classifiers: list[str], found: Declared
) -> None:
    assert declared(expression, free_text, classifiers) == found


def test_a_word_that_is_none_for_the_unknown_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        line_of(LINE + 'unknown = "denied"', tmp_path)
    assert str(caught.value) == (
        "features.toml: licences.unknown: 'denied' is not an unknown\n  hint: did you mean 'deny'?"
    )


def test_a_misspelt_licence_would_keep_out_nothing_and_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SartoError) as caught:
        line_of(LINE + 'deny = ["GPLv3", "GPL-3.0*"]\nallow = ["MIT OR ISC"]\nparts = { shop = "Apache 2" }', tmp_path)
    assert [f"{error.where}: {error.what}" for error in caught.value.errors] == [
        "features.toml: licences.parts.shop: 'Apache 2' is no SPDX licence",
        "features.toml: licences.deny[0]: 'GPLv3' is no SPDX licence",
        "features.toml: licences.allow[0]: 'MIT OR ISC' is no SPDX licence",
    ]
    assert caught.value.errors[1].hint == (
        'write it as in https://spdx.org/licenses, such as "GPL-3.0-only", or with a \'*\': "GPL-*"'
    )


def test_what_the_vendor_has_found_out_counts_instead_of_the_metadata(tmp_path: Path) -> None:
    policy = 'allow = ["MIT"]\nparts = { Thing = "MIT" }'
    assert faults(tmp_path, policy) == []
    assert faults(tmp_path, policy, "License-Expression: GPL-3.0-only") == []
    assert len(faults(tmp_path, 'deny = ["GPL-*"]\nparts = { thing = "GPL-2.0-only" }', "License-Expression: MIT")) == 1


@pytest.mark.parametrize("name", ["GNU General Public License (GPL)", "GPLv3"])
def test_a_name_that_may_mean_a_denied_licence_is_denied(name: str, tmp_path: Path) -> None:
    said = f"{CLASSIFIER}{name}" if "(" in name else f"License: {name}"
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]', said) == [
        f"features.toml: licences.deny: part 'thing' 1.0 says '{name}', which may be 'GPL-3.0-only', "
        "and that 'GPL-3.0*' denies; it comes with the feature 'maps'"
    ]
    assert faults(tmp_path, 'deny = ["AGPL-*"]', said) == []


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("GPLv2+", ("GPL-2.0-only", "GPL-2.0-or-later")),
        ("gnu gpl version 3.0 or later", ("GPL-3.0-only", "GPL-3.0-or-later")),
        ("GNU Lesser GPL 2.1", ("LGPL-2.1-only", "LGPL-2.1-or-later")),
        ("                    GNU AFFERO GENERAL PUBLIC LICENSE", ("AGPL-3.0-only", "AGPL-3.0-or-later")),
        ("GPL-3.0-only OR", ("GPL-3.0-only", "GPL-3.0-or-later")),
        ("GPL (c) 2020", tuple(f"GPL-{version}.0-{which}" for version in "123" for which in ("only", "or-later"))),
        ("BSD (GPL compatible)", ()),
        ("LGPLv3 and GPLv3", ("LGPL-3.0-only", "LGPL-3.0-or-later", "GPL-3.0-only", "GPL-3.0-or-later")),
        ("GNU AGPL or GNU GPL v2", ("AGPL-3.0-only", "AGPL-3.0-or-later", "GPL-2.0-only", "GPL-2.0-or-later")),
        ("GNU Lesser General Public License v2.1, see gnu.org", ("LGPL-2.1-only", "LGPL-2.1-or-later")),
        ("GNU v2", ("GPL-2.0-only", "GPL-2.0-or-later")),
        ("GNU Free Documentation License", ()),
        ("BSD License", ()),
    ],
)
def test_a_name_in_any_spelling_may_mean_the_licences_of_its_family(name: str, possible: tuple[str, ...]) -> None:
    assert may_be(name) == possible


def test_the_words_of_a_classifier_mean_the_same_as_a_licence(tmp_path: Path) -> None:
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]', "License: GNU General Public License v3 or later (GPLv3+)") == [
        "features.toml: licences.deny: part 'thing' 1.0 has the licence 'GPL-3.0-or-later', which 'GPL-3.0*' denies; "
        "it comes with the feature 'maps'"
    ]


def test_a_denied_licence_in_the_classifiers_is_not_hidden_by_another_in_its_place(tmp_path: Path) -> None:
    said = ("License: MIT", f"{CLASSIFIER}GNU General Public License v3 or later (GPLv3+)")
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]', *said) == [
        "features.toml: licences.deny: part 'thing' 1.0 says 'MIT', and elsewhere in its metadata 'GPL-3.0-or-later', "
        "which 'GPL-3.0*' denies; it comes with the feature 'maps'"
    ]
    assert faults(tmp_path, 'allow = ["MIT"]', *said) == []
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]\nparts = { thing = "MIT" }', *said) == []


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("License: GPLv3", f"{CLASSIFIER}MIT License"), "'MIT', and elsewhere in its metadata 'GPLv3'"),
        (("License: GPLv3", f"{CLASSIFIER}BSD License"), "'BSD License', and elsewhere in its metadata 'GPLv3'"),
        (("License: MIT OR GPLv3", f"{CLASSIFIER}MIT License"), "'MIT', and elsewhere in its metadata 'MIT OR GPLv3'"),
        (("License-Expression: GPLv3", "License: MIT"), "'MIT', and elsewhere in its metadata 'GPLv3'"),
        (("License-Expression: Acme", "License: GPLv3"), "'Acme', and elsewhere in its metadata 'GPLv3'"),
        (
            ("License: MIT", f"{CLASSIFIER}GNU General Public License (GPL)"),
            "'MIT', and elsewhere in its metadata 'GNU General Public License (GPL)'",
        ),
        (
            ("License: GPLv3, LGPLv3", f"{CLASSIFIER}GNU Lesser General Public License v3 (LGPLv3)"),
            "'LGPL-3.0-only', and elsewhere in its metadata 'GPLv3, LGPLv3'",
        ),
    ],
)
def test_a_name_that_may_mean_a_denied_licence_is_not_hidden_by_what_counts_in_its_place(
    said: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]', *said) == [
        f"features.toml: licences.deny: part 'thing' 1.0 says {words}, which may be 'GPL-3.0-only', "
        "and that 'GPL-3.0*' denies; it comes with the feature 'maps'"
    ]
    assert faults(tmp_path, 'deny = ["AGPL-*"]', *said) == []


@pytest.mark.parametrize(
    "said",
    [
        ("License: GPL", f"{CLASSIFIER}GNU General Public License v2 or later (GPLv2+)"),
        ("License: GPL-2.0", f"{CLASSIFIER}GNU General Public License (GPL)"),
        (
            f"{CLASSIFIER}GNU General Public License (GPL)",
            f"{CLASSIFIER}GNU General Public License v2 or later (GPLv2+)",
        ),
        ("License: LGPL with exceptions", f"{CLASSIFIER}GNU Library or Lesser General Public License (LGPL)"),
    ],
)
def test_less_exact_words_for_what_counts_say_nothing_of_another_version(said: tuple[str, ...], tmp_path: Path) -> None:
    assert faults(tmp_path, 'deny = ["GPL-3.0*"]', *said) == []


def test_parts_of_unknown_licence_that_are_let_in_are_told(tmp_path: Path, workshop: Path) -> None:
    folder = wheels(tmp_path, "License: Acme Licence")
    found = [
        each for each in part_findings(line_of(LINE + 'deny = ["GPL-*"]', folder), folder) if each.kind == "licence"
    ]
    assert [(each.severity.value, each.what) for each in found] == [
        ("warning", f"part 'pluggy' {pluggy.__version__} says nothing of its licence; every build has it"),
        ("warning", "part 'shop-charts' 1.0 says nothing of its licence; it comes with the feature 'charts'"),
        ("warning", "part 'shop-geo' 1.0 says 'Acme Licence', which means no one SPDX licence; "
                    "it comes with the feature 'maps'"),
    ]  # fmt: skip
    assert {each.hint for each in found} == {"find it out, and write it down: [licences.parts]"}


def test_a_choice_counts_only_with_what_is_allowed_and_not_denied(tmp_path: Path) -> None:
    policy = 'allow = ["ISC", "GPL-*"]\ndeny = ["GPL-3.0*"]'
    assert faults(tmp_path, policy, "License-Expression: ISC OR GPL-3.0-only") == []
    assert faults(tmp_path, policy, "License-Expression: GPL-2.0-only AND ISC") == []
    assert faults(tmp_path, policy, "License-Expression: MIT OR GPL-3.0-only") == [
        "features.toml: licences.allow: part 'thing' 1.0 has the licence 'MIT OR GPL-3.0-only', and of that 'MIT' is "
        "not allowed; it comes with the feature 'maps'"
    ]


def test_without_a_policy_nothing_is_read_and_nothing_said(tmp_path: Path) -> None:
    assert faults(tmp_path, "", "License-Expression: GPL-3.0-only") == []


LICENCES = ("MIT", "ISC", "GPL-3.0-only")


@settings(max_examples=150, deadline=None)
@given(
    st.recursive(
        st.sampled_from(LICENCES),
        lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda three: f"({' '.join(three)})"),
        max_leaves=6,
    ),
    st.frozensets(st.sampled_from(LICENCES)),
    st.frozensets(st.sampled_from(LICENCES)),
)
def test_a_part_is_let_in_exactly_where_a_choice_of_its_licences_is(
    text: str, deny: frozenset[str], allow: frozenset[str]
) -> None:
    """Held against every subset of licences that a choice could come down to."""
    policy = LicencePolicy(deny=tuple(sorted(deny)), allow=tuple(sorted(allow)), parts={"thing": text})
    line = replace(read_line(LINE, "features.toml"), licences=policy)
    part = Part(name="thing", version="1.0", filename="thing-1.0-py3-none-any.whl", sha256="", size=0, path=Path())
    usable = {each for each in LICENCES if each not in deny and (not allow or each in allow)}
    python = re.sub(
        r"[^\s()]+", lambda word: word[0].lower() if word[0] in ("AND", "OR") else str(word[0] in usable), text
    )
    assert (not licence_errors(line, [part])) is bool(eval(python))
