"""Text files: read whole, or refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.hooks.reading import LARGEST, read_text


def test_a_file_that_is_larger_than_any_model_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    with file.open("wb") as stream:
        stream.truncate(50 * 2**20)
    with pytest.raises(SartoError) as caught:
        read_text(file)
    assert str(caught.value) == (
        f"{file}: this file has 50 MB, and Sarto reads no more than 16 MB"
        "\n  hint: part it, or leave out what no person needs in it"
    )


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    file.write_bytes(b" " * LARGEST)
    assert len(read_text(file)) == LARGEST
