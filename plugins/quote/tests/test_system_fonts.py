"""Signs that a PDF takes from the fonts of the machine: here those of a fontconfig of our own, and no others."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

HERE = Path(__file__).parent
OLD_NAME = "BitstreamVeraSans-Roman"
CHINESE = "Çiğdem 漢字 ₺漢"
PROGRAM = """
import json, sys, offers
from sarto.errors import SartoError
from sarto_quote.paper import render
for customer in json.loads(sys.argv[1]):
    try:
        content = render(offers.offer(customer))
    except SartoError as error:
        print(error, end="", file=sys.stderr)
        sys.exit(1)
sys.stdout.buffer.write(content)
"""


@pytest.fixture
def fonts(tmp_path: Path) -> Path:
    """A folder that fontconfig takes all its fonts from."""
    if shutil.which("fc-match") is None:
        assert os.environ.get("CI") != "true", "CI has to have fontconfig"
        pytest.skip("there is no fontconfig here")
    folders = f"<dir>{tmp_path}</dir><cachedir>{tmp_path}/cache</cachedir>"
    (tmp_path / "fonts.conf").write_text(f"<fontconfig>{folders}</fontconfig>", encoding="utf-8")
    return tmp_path


def drawn(fonts: Path, *customers: str, locale: str = "C.UTF-8") -> subprocess.CompletedProcess[bytes]:
    """The last of some offers that are drawn one after the other."""
    environment = {
        "PATH": str(Path(shutil.which("fc-match") or "").parent), "FONTCONFIG_FILE": str(fonts / "fonts.conf"),
        "LANG": locale, "PYTHONUTF8": "1",
    }  # fmt: skip
    command = [sys.executable, "-c", PROGRAM, json.dumps(customers)]
    return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, check=False)


def write_font(file: Path, signs: str) -> None:
    """A real typeface, named as its file, in which the signs have the looks of letters, and which has no others."""
    vera = bytearray(files("reportlab").joinpath("fonts", "Vera.ttf").read_bytes())
    groups = b"".join(struct.pack(">III", ord(sign), ord(sign), 36 + at) for at, sign in enumerate(sorted(signs)))
    table = struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(signs)) + groups
    content = struct.pack(">HHHHI", 0, 1, 3, 10, 12) + table
    entry = next(at for at in range(12, len(vera), 16) if vera[at : at + 4] == b"cmap")
    vera[entry + 8 : entry + 16] = struct.pack(">II", len(vera), len(content))
    written = bytes(vera + content)
    for encoding in ("ascii", "utf-16-be"):
        written = written.replace(OLD_NAME.encode(encoding), f"{file.stem:x<17}-Roman".encode(encoding))
    file.write_bytes(written)


def test_a_sign_that_our_typeface_lacks_is_lent_by_one_of_the_machine_and_can_be_read_out(fonts: Path) -> None:
    write_font(fonts / "chinese.ttf", "字漢")
    reader = PdfReader(BytesIO(drawn(fonts, CHINESE).stdout))
    used = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}  # type: ignore[index]  # pypdf's own types are wider

    assert CHINESE in reader.pages[0].extract_text()
    assert {"chinesexxxxxxxxxx-Roman", "FiraSans-Regular"} <= {name.partition("+")[2] for name in used}


def test_the_same_offer_gives_the_same_bytes_whatever_was_drawn_before_and_in_any_locale(fonts: Path) -> None:
    write_font(fonts / "a.ttf", "字漢")
    write_font(fonts / "b.ttf", "字漢カ")
    first = drawn(fonts, CHINESE)

    assert first.stdout.startswith(b"%PDF-")
    assert drawn(fonts, "カ").stdout.startswith(b"%PDF-")
    assert drawn(fonts, "カ", "カ 漢", CHINESE).stdout == first.stdout
    assert drawn(fonts, CHINESE, locale="ja_JP.UTF-8").stdout == first.stdout


@pytest.mark.parametrize("customer", ["漢", "Ünal カ"])
def test_a_sign_that_no_font_has_is_refused_rather_than_left_out(fonts: Path, customer: str) -> None:
    write_font(fonts / "chinese.ttf", "字")
    sign = customer[-1]

    assert drawn(fonts, customer).stderr.decode() == (
        f"“{customer}”: a PDF cannot show '{sign}' (U+{ord(sign):04X}) here\n"
        "  hint: --format html shows every sign, and prints on paper, too; or install a TrueType font that has them"
    )


def test_a_font_for_letters_that_join_is_not_taken(fonts: Path) -> None:
    write_font(fonts / "arabic.ttf", "مرحبا")

    assert (
        drawn(fonts, "مرحبا")
        .stderr.decode()
        .endswith("here\n  hint: --format html shows every sign, and prints on paper, too")
    )


def test_a_file_that_is_no_font_is_passed_over(fonts: Path) -> None:
    write_font(fonts / "chinese.ttf", "字漢")
    (fonts / "a.ttf").write_bytes((fonts / "chinese.ttf").read_bytes()[:400])

    assert drawn(fonts, CHINESE).returncode == 0
