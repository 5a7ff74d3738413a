"""Lines whose parts do not exist or do not go together, and the sentences that say so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from sarto.derive.plan import ResolvedTarget
from sarto.derive.prepare import prepare
from sarto.errors import SartoError
from sarto.model.line import LineDescription

from .making import Index, line_of, make_wheel, pluggy_wheel, write
from .shop import HEAD, shop


def in_one_order(error: SartoError) -> str:
    """The error with the halves of uv's reason sorted: uv tells them now in one order, now in the other."""
    lines = str(error).splitlines()
    lines[1] = "  " + " and ".join(sorted(lines[1].strip().split(" and ")))
    return "\n".join(lines)


def test_features_that_can_go_together_have_to_agree_on_a_version(tmp_path: Path, linux: ResolvedTarget) -> None:
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "wheelhouse", "base", version)
    line = shop(tmp_path, """
        [features.shop]
        optional = ["old look", "new look"]
        [features."old look"]
        parts = ["base<2"]
        [features."new look"]
        parts = ["base>=2"]
        """)  # fmt: skip
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert in_one_order(caught.value) == (
        "features.toml: features.\"new look\".parts[0]: the parts of feature 'old look' (base<2) and of feature "
        "'new look' (base>=2) do not go together:\n"
        "  feature 'new look' depends on base>=2 and feature 'old look' depends on base<2\n"
        "  hint: loosen one of the requirements, or let the feature model say so: [[constraints]] "
        r'rule = "\"old look\" => !\"new look\""'
    )


def test_a_feature_that_does_not_go_with_the_core_is_named_with_it(tmp_path: Path, linux: ResolvedTarget) -> None:
    for version in ("1.0", "2.0"):
        make_wheel(tmp_path / "wheelhouse", "base", version)
    pluggy_wheel(tmp_path / "wheelhouse")
    text = HEAD.replace('"shop-core"', '"base>=2"')
    line = line_of(f'{text}\n[features.shop]\noptional = ["old"]\n[features.old]\nparts = ["base==1.0"]\n', tmp_path)
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert in_one_order(caught.value) == (
        "features.toml: features.old.parts[0]: the parts of the core (base>=2) and of feature 'old' (base==1.0) "
        "do not go together:\n"
        "  feature 'old' depends on base==1.0 and the core depends on base>=2\n"
        "  hint: loosen one of the requirements: with them no build has feature 'old'"
    )


def test_a_version_that_nobody_has_is_said_with_those_that_there_are(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "base", "1.0")
    line = shop(tmp_path, '[features.shop]\noptional = ["new"]\n[features.new]\nparts = ["base>=9"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    first, second = str(caught.value).splitlines()
    assert first == (
        "features.toml: features.new.parts[0]: no versions of the parts fit what feature 'new' (base>=9) asks for:"
    )
    assert second.endswith(" is available and feature 'new' depends on base>=9")


def test_a_part_that_does_not_exist_is_named_with_the_nearest_source(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "shop-search")
    line = shop(tmp_path, '[features.shop]\noptional = ["find"]\n[features.find]\nparts = ["shop-serch>=1"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.find.parts[0]: part 'shop-serch' is neither on the package index nor in the line's "
        "sources\n  hint: did you mean 'shop-search'?"
    )


def test_a_part_that_a_part_needs_and_that_does_not_exist_is_named_too(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", requires=["zzyzx-road"])
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "part 'zzyzx-road' is neither on the package index nor in the line's sources\n"
        "  hint: check its name, and what [core] sources names"
    )


@pytest.mark.parametrize("versions", [("1.0",), ("1.0", "2.0")])
def test_a_part_that_is_there_only_as_source_is_refused_with_the_way_out(
    versions: tuple[str, ...], tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    for version in versions:
        index.add(write(tmp_path / f"thing-{version}.tar.gz", "never opened"))
    line = shop(tmp_path, '[features.shop]\noptional = ["raw"]\n[features.raw]\nparts = ["thing"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "features.toml: features.raw.parts[0]: part 'thing' has no wheel on the package index that fits all targets, "
        "and builds are made of wheels\n"
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'thing') and name that folder in [core] sources"
    )


def test_versions_that_are_there_only_as_source_are_told_as_such(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(write(tmp_path / "thing-1.0.tar.gz", "never opened"))
    index.add(make_wheel(tmp_path, "thing", "2.0"))
    line = shop(tmp_path, '[features.shop]\noptional = ["raw"]\n[features.raw]\nparts = ["thing<2"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    first, *reasons, hint = str(caught.value).splitlines()
    assert first == (
        "features.toml: features.raw.parts[0]: no versions of the parts fit what feature 'raw' (thing<2) asks for:"
    )
    assert "thing==1.0 has no usable wheels" in reasons[0]
    assert hint == (
        "  hint: build it yourself (pip wheel --no-deps -w wheels 'thing<2') and name that folder in [core] sources"
    )


@pytest.mark.parametrize("needs", [("thing", "base>=2"), ("base>=2", "thing")])
def test_old_versions_that_are_there_only_as_source_are_not_why_features_do_not_go_together(
    needs: tuple[str, str], tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(write(tmp_path / "thing-1.0.tar.gz", "never opened"))
    index.add(make_wheel(tmp_path, "thing", "2.0", requires=["base<2"]))
    for version in ("1.0", "2.0"):
        index.add(make_wheel(tmp_path, "base", version))
    text = '[features.shop]\noptional = ["a", "b"]\n[features.a]\nparts = ["{}"]\n[features.b]\nparts = ["{}"]\n'
    line = shop(tmp_path, text.format(*needs))
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    first, *reasons, hint = str(caught.value).splitlines()
    assert f"feature 'a' ({needs[0]})" in first
    assert f"feature 'b' ({needs[1]})" in first
    assert first.endswith(" do not go together:")
    assert "thing==1.0 has no usable wheels" in "".join(reasons)
    assert hint == (
        '  hint: loosen one of the requirements, or let the feature model say so: [[constraints]] rule = "a => !b"'
    )


def test_no_wheel_is_to_be_built_of_what_a_feature_itself_does_not_let_go_together(
    tmp_path: Path, linux: ResolvedTarget, index: Index
) -> None:
    index.add(write(tmp_path / "thing-1.0.tar.gz", "never opened"))
    index.add(make_wheel(tmp_path, "thing", "2.0", requires=["base<2"]))
    for version in ("1.0", "2.0"):
        index.add(make_wheel(tmp_path, "base", version))
    line = shop(tmp_path, '[features.shop]\noptional = ["a"]\n[features.a]\nparts = ["thing", "base>=2"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert caught.value.what.startswith("no versions of the parts fit what feature 'a' (thing, base>=2) asks for:\n")
    assert caught.value.hint == ""


@pytest.mark.parametrize(
    "address",
    [
        "git+https://example.org/thing@v1",
        "https://example.org/thing-1.0.tar.gz",
        "file:///srv/thing",
        "file:///a.zip#x=1",
    ],
)
def test_an_address_of_a_source_is_refused_with_the_way_out(
    address: str, tmp_path: Path, linux: ResolvedTarget
) -> None:
    line = shop(tmp_path, f'[features.shop]\noptional = ["raw"]\n[features.raw]\nparts = ["thing @ {address}"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        f"features.toml: features.raw.parts[0]: '{address}' is a source of part 'thing', and builds are "
        "made of wheels\n"
        f"  hint: build its wheel (pip wheel --no-deps -w wheels 'thing @ {address}'), name that folder in [core] "
        "sources, and ask for 'thing' by its name"
    )


def test_a_part_that_requires_an_address_is_named_with_the_way_out(tmp_path: Path, linux: ResolvedTarget) -> None:
    make_wheel(tmp_path / "wheelhouse", "thing", requires=["other @ git+https://example.org/other"])
    line = shop(tmp_path, '[features.shop]\nparts = ["thing"]\n')
    with pytest.raises(SartoError) as caught:
        prepare(line, tmp_path, linux)
    assert str(caught.value) == (
        "part 'thing' requires 'other @ git+https://example.org/other', an address that the line itself does not name\n"
        "  hint: have 'thing' require 'other' by its name, and put the wheel into a folder of [core] sources"
    )


def test_a_requirement_that_is_none_is_an_error_at_its_place(tmp_path: Path, linux: ResolvedTarget) -> None:
    line = shop(tmp_path, '[features.shop]\noptional = ["a"]\n[features.a]\n')
    broken = LineDescription(
        name=line.name, version=line.version, model=line.model, file="features.toml",
        core=type(line.core)(parts=("thing >= >=", "==2"), command="shop"),
    )  # fmt: skip
    with pytest.raises(SartoError) as caught:
        prepare(broken, tmp_path, linux)
    first, second = caught.value.errors
    assert str(first).startswith("features.toml: core.parts[0]: 'thing >= >=' is not a requirement: ")
    assert str(second).startswith("features.toml: core.parts[1]: '==2' is not a requirement: ")


@pytest.mark.skipif(sys.platform == "win32", reason="processes there are not stopped by signals")
def test_where_the_system_stops_uv_that_is_what_is_said(
    tmp_path: Path, linux: ResolvedTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = write(tmp_path / "uv", "#!/bin/sh\nkill -KILL $$\n")
    stopped.chmod(0o755)
    monkeypatch.setattr("uv.find_uv_bin", lambda: str(stopped))
    with pytest.raises(SartoError) as caught:
        prepare(shop(tmp_path, '[features.shop]\nparts = ["stopped"]\n'), tmp_path, linux)
    assert str(caught.value) == (
        "uv was stopped by SIGKILL before it was done\n"
        "  hint: systems do so where memory runs out: each further group of features that exclude each other and need "
        "different versions multiplies what uv looks at"
    )
