"""Whether a wheel fits this interpreter, held against PyPA's own ``packaging``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.tags import Tag, sys_tags
from packaging.utils import parse_wheel_filename

from sarto_runtime.wheel_tags import is_for_any, misfit

MINOR = sys.version_info[1]
SUPPORTED = frozenset(sys_tags())
MACHINES = ["x86_64", "aarch64", "i686", "arm64", "universal2"]
SYSTEMS = [
    "manylinux1", "manylinux2010", "manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_99",
    "musllinux_1_2", "linux", "macosx_10_9", "macosx_11_0", "macosx_99_0",
]  # fmt: skip
platforms = st.one_of(
    st.sampled_from(["any", "win32", "win_amd64", "win_arm64"]),
    st.builds("{}_{}".format, st.sampled_from(SYSTEMS), st.sampled_from(MACHINES)),
)
pythons = st.sampled_from(
    ["py2", "py3", f"py3{MINOR}", "py38", "py399", f"cp3{MINOR}", "cp38", "cp399", "pp310", "cp27"]
)
abis = st.sampled_from(["none", "abi3", f"cp3{MINOR}", f"cp3{MINOR}t", "cp38", "pypy310_pp73"])


@settings(deadline=None)
@given(
    st.lists(pythons, min_size=1, max_size=2, unique=True),
    abis,
    st.lists(platforms, min_size=1, max_size=2, unique=True),
)
def test_a_wheel_fits_exactly_where_pip_would_install_it(
    python: Sequence[str], abi: str, platform: Sequence[str]
) -> None:
    file = f"part-1.0-{'.'.join(python)}-{abi}-{'.'.join(platform)}.whl"
    assert (misfit(file) == "") == bool(parse_wheel_filename(file)[3] & SUPPORTED)


@settings(deadline=None)
@given(st.sampled_from(sorted(SUPPORTED, key=str)))
def test_every_tag_of_this_interpreter_fits(tag: Tag) -> None:
    assert misfit(f"part-1.0-{tag}.whl") == ""


@pytest.mark.parametrize(
    ("tags", "need"),
    [
        ("py2-none-any", "py2"),
        ("cp38-cp38-any", "cp38"),
        ("py3-none-win_arm64.plan9_x86", "py3 on win_arm64.plan9_x86"),
        ("py2.cp38-none-zos_1_s390", "py2.cp38 on zos_1_s390"),
    ],
)
def test_what_a_wheel_needs_is_said_by_its_tags(tags: str, need: str) -> None:
    assert misfit(f"part-1.0-1build-{tags}.whl") == need


def test_pure_wheels_are_told_by_their_name_alone() -> None:
    assert is_for_any("part-1.0-py3-none-any.whl")
    assert is_for_any("part-1.0-py2.py3-none-any.whl")
    assert not is_for_any("part-1.0-py2-none-any.whl")
