"""Offers as PDF, read back with pypdf."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from sarto.errors import SartoError
from sarto_quote.languages import ITALIAN, TURKISH
from sarto_quote.paper import render

from .offers import HOSTILE, LINE, offer


def lines_of(content: bytes) -> list[str]:
    pages = PdfReader(BytesIO(content)).pages
    return [line.strip() for page in pages for line in page.extract_text().splitlines() if line.strip()]


def words_of(content: bytes) -> str:
    return " ".join(" ".join(lines_of(content)).split())


def test_the_document_says_all_of_the_offer_in_turkish_and_greek_letters() -> None:
    assert words_of(render(offer())) == (
        "shop 1.0 Customer Çiğdem Işık & Γιώργος Ώς Offer 2026-17 Date 29 November 2026 "
        "Valid until 31 December 2026 "
        "A shop €899.95 Maps €400.00 outlines €200.00 3 × Seats €13.01 Each has an account. "
        "Maps and outlines together -€100.00 Net €1,412.96 KDV €282.59 Total €1,695.55 shop 1.0 1"
    )


def test_the_document_is_in_the_language_of_the_offer_with_its_letters_and_the_sign_of_the_lira() -> None:
    line = LINE.replace('"EUR"', '"TRY"').replace('"Maps"', '"Şık haritalar, İstanbul’da ışıl ışıl ğ"')
    turkish, italian = render(offer(line=line, language=TURKISH)), render(offer(language=ITALIAN))

    assert words_of(turkish) == (
        "shop 1.0 Müşteri Çiğdem Işık & Γιώργος Ώς Teklif 2026-17 Tarih 29 Kasım 2026 "
        "Son geçerlilik tarihi 31 Aralık 2026 "
        "A shop ₺899,95 Şık haritalar, İstanbul’da ışıl ışıl ğ ₺400,00 outlines ₺200,00 3 × Seats ₺13,01 "
        "Each has an account. Maps and outlines together -₺100,00 Ara toplam ₺1.412,96 KDV ₺282,59 Toplam ₺1.695,55 "
        "shop 1.0 1"
    )
    assert "Valida fino al 31 dicembre 2026" in words_of(italian)
    assert "Imponibile 1.412,96 € KDV 282,59 € Totale 1.695,55 €" in words_of(italian)
    assert [str(PdfReader(BytesIO(each)).root_object["/Lang"]) for each in (turkish, italian)] == ["tr", "it"]


def test_the_typeface_is_in_the_file() -> None:
    reader = PdfReader(BytesIO(render(offer())))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]  # pypdf's own types are wider
    used = {str(font["/BaseFont"]) for font in fonts if "/FontDescriptor" in font}

    assert {name.partition("+")[2] for name in used} == {"FiraSans-Regular", "FiraSans-Bold"}
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts if "/FontDescriptor" in font)


def test_the_document_is_titled_and_has_no_time_of_its_own() -> None:
    reader = PdfReader(BytesIO(render(offer(brand={"name": "Basar"}))))

    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Basar 1.0", "Basar")
    assert str(reader.metadata.get("/CreationDate", "")).startswith("D:2000")


def test_the_same_offer_gives_the_same_bytes_in_any_process() -> None:
    program = (
        "import sys, offers; from sarto_quote.paper import render; sys.stdout.buffer.write(render(offers.offer()))"
    )
    here = Path(__file__).parent
    other = subprocess.run([sys.executable, "-c", program], cwd=here, capture_output=True, check=True).stdout

    assert render(offer()) == render(offer()) == other


@pytest.mark.parametrize("name", [HOSTILE, "<b>bold</b>", "a) Tj ET (", "\\101\\n", "&lt;i&gt;"])
def test_a_name_is_drawn_as_it_is(name: str) -> None:
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    line = LINE.replace('"Maps"', f'"{written}"').replace('"KDV"', f'"{written}"')
    found = "".join(words_of(render(offer(name, line=line, number=name))).split())

    assert found.count("".join(name.split())) == 4


def test_a_long_offer_goes_on_over_pages_with_every_line_whole() -> None:
    names = [f"feature{number}" for number in range(80)]
    tables = "".join(f"[features.{name}]\nattributes = {{ price = 1 }}\n" for name in names)
    line = LINE.replace('"seats"]', f'"seats", {", ".join(map(repr, names))}]') + tables
    content = render(offer(line=line, configuration={"shop": True, **dict.fromkeys(names, True)}))

    assert len(PdfReader(BytesIO(content)).pages) == 3
    found = words_of(content)
    assert all(f"{name} €1.00" in found for name in names)


def test_a_word_without_end_stays_on_the_paper() -> None:
    content = render(offer("w" * 500))

    assert "".join(lines_of(content)).count("w") == 500
    assert max(map(len, lines_of(content))) < 100


HTML = "--format html shows every sign, and prints on paper, too"


@pytest.mark.parametrize(
    ("customer", "missing"),
    [
        ("مرحبا ٠", "'م' (U+0645), 'ر' (U+0631), 'ح' (U+062D), 'ب' (U+0628), 'ا' (U+0627), …"),
        ("שלום", "'ש' (U+05E9), 'ל' (U+05DC), 'ו' (U+05D5), 'ם' (U+05DD)"),
        ("हिन्दी", "'ह' (U+0939), 'ि' (U+093F), 'न' (U+0928), '्' (U+094D), 'द' (U+0926), …"),
        ("x\u0336", "'\u0336' (U+0336)"),
    ],
)
def test_what_has_to_be_joined_turned_or_placed_is_refused_whatever_fonts_there_are(
    customer: str, missing: str
) -> None:
    with pytest.raises(SartoError) as caught:
        render(offer(customer))
    assert str(caught.value) == f"“{customer}”: a PDF cannot show {missing} here\n  hint: {HTML}"


def test_letters_in_two_parts_are_put_together() -> None:
    assert "Çiğdem" in words_of(render(offer("C\u0327ig\u0306dem\u00a0Ltd")))
