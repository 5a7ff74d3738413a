"""The languages in which quotes are written beside English: words, and the rules for numbers, money and dates.

The rules are those of the Unicode CLDR, but thousands are always grouped, so that amounts below each other line up.
"""

from __future__ import annotations

from sarto.hooks import QuoteLanguage

__all__ = ["ITALIAN", "TURKISH"]

ITALIAN = QuoteLanguage(
    tag="it",
    product="Prodotto",
    customer="Cliente",
    offer="Offerta",
    dated="Data",
    valid_until="Valida fino al",
    what="Voce",
    amount="Importo",
    net="Imponibile",
    total="Totale",
    months=(
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    ),
    decimal=",",
    grouping=".",
    money="{number}\N{NO-BREAK SPACE}{sign}",
    signs={"EUR": "€", "GBP": "£"},
)  # fmt: skip
TURKISH = QuoteLanguage(
    tag="tr",
    product="Ürün",
    customer="Müşteri",
    offer="Teklif",
    dated="Tarih",
    valid_until="Son geçerlilik tarihi",
    what="Kalem",
    amount="Tutar",
    net="Ara toplam",
    total="Toplam",
    months=(
        "Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık",
    ),
    decimal=",",
    grouping=".",
    signs={"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "TRY": "₺", "USD": "$"},
)  # fmt: skip
