"""Whatever a file holds, every reader that is installed gives a model or errors with their places."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sarto.hooks import ModelFormat
from sarto.hooks.manager import PluginManager

from .promise import check
from .seeds import SEEDS, cases

ROOT = Path(__file__).parents[2]
FORMATS = {format.name: format for format in PluginManager.discover().model_formats()}
READERS = sorted(SEEDS)
PIECES = [
    "\n", "\t", " ", "\r\n", "\0", "\x0b", "\ufeff", "\u2028", "\U0001f600", "é", "日本", "(", ")", "[", "]", "{", "}",
    "'", '"', '"""', ",", ".", "=", "==", "<", ">", "</and>", "<feature/>", "<rule/>", "&amp;", "&x;", "<!--", "]]>",
    "!", "&", "|", "=>", "<=>", "-", "0", "-1", "9" * 30, "1e400", "0x1f", "nan", "true", "[[constraints]]", "[core]",
    "p cnf 1 1\n", "c 1 a\n", "%", "config A\n", "\tbool\n", "endmenu\n", "if A\n", "choice\n", "select", "$(", "#",
]  # fmt: skip


def format_of(reader: str) -> ModelFormat:
    if reader not in FORMATS:
        pytest.skip(f"no plugin reads {reader} here")
    return FORMATS[reader]


@st.composite
def mutations(draw: st.DrawFn, seed: bytes) -> bytes:
    """The seed with a few places cut out, repeated or replaced."""
    content = seed
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        piece = draw(
            st.sampled_from(PIECES).map(str.encode)
            | st.binary(max_size=3)
            | st.just(b"")
            | st.just(content[start:end] * 2)
        )
        content = content[:start] + piece + content[end:]
    return content


@pytest.mark.parametrize("reader", READERS)
def test_the_seed_of_fuzzing_is_read_far(reader: str, tmp_path: Path) -> None:
    format = format_of(reader)
    path = tmp_path / f"model{format.suffixes[0]}"
    path.write_text(SEEDS[reader])
    check(format, path)


@pytest.mark.parametrize("reader", READERS)
@settings(deadline=None, max_examples=150, derandomize=True)  # a longer run is for its own command
@given(data=st.data(), strict=st.booleans())
def test_a_broken_file_is_read_or_refused(
    reader: str, data: st.DataObject, strict: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    format = format_of(reader)
    path = tmp_path_factory.getbasetemp() / f"model{format.suffixes[0]}"
    path.write_bytes(data.draw(mutations(SEEDS[reader].encode())))
    check(format, path, strict)


@pytest.mark.parametrize(("reader", "name"), [(reader, name) for reader in READERS for name in cases(reader)])
def test_what_fuzzing_found_once_is_read_or_refused(reader: str, name: str, tmp_path: Path) -> None:
    format = format_of(reader)
    path = tmp_path / f"model{format.suffixes[0]}"
    path.write_bytes(cases(reader)[name])
    for strict in (False, True):
        check(format, path, strict)


@pytest.mark.parametrize("reader", READERS)
def test_some_inputs_that_seek_new_paths_are_read_or_refused(reader: str, tmp_path: Path) -> None:
    format_of(reader)
    if find_spec("atheris") is None:
        pytest.skip("atheris is not installed: it has wheels for Linux on x86-64, and Python up to 3.13")
    command = [sys.executable, "-m", "tests.fuzz", reader, str(tmp_path), "-runs=1500", "-seed=1", "-verbosity=0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-5000:]
    assert not [*tmp_path.glob("crash-*"), *tmp_path.glob("oom-*"), *tmp_path.glob("timeout-*")]
