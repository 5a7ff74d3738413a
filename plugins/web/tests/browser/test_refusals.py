"""What a server or the page itself refuses is said in the reader's language, with what it is about."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sarto_web import pages

from .conftest import Serve
from .lines import KITCHEN, write_line
from .seeing import row

SAID = """async ([language, messages, errors]) => {
  const { Texts } = await import("/scripts/texts.js");
  const { Refusal } = await import("/scripts/remote.js");
  const { refusalText } = await import("/scripts/refusals.js");
  const texts = new Texts(language, messages);
  const said = error => refusalText(new Refusal(error.status ?? 400, { error }), texts);
  return errors.map(error => said(error).replace(/[\\u2068\\u2069]/g, ""));
}"""
MISFIT = {"feature": "seats", "value": 9.5, "type": "integer", "minimum": 1, "maximum": 8}
ERRORS: list[dict[str, Any]] = [
    {"code": "misfit", "data": MISFIT},
    {"code": "misfit", "data": {**MISFIT, "type": None, "value": "x", "minimum": None, "maximum": None}},
    {"code": "too-many-requests", "data": {"seconds": 1}},
    {"code": "too-many-requests", "data": {"seconds": 2}},
    {"code": "not-yours", "data": {"feature": "label", "stage": "vendor"}},
    {"code": "refused", "what": "the line is odd", "hint": "mend it"},
    {"code": "from-another-time", "what": "something new"},
    {"status": 0},
]
WORDS = {
    "en": [
        "seats takes whole numbers, and 9.5 does not go. From 1 to 8.",
        "seats is only in or out, and x does not go.",
        "Too many requests: try again in 1 second.",
        "Too many requests: try again in 2 seconds.",
        "label is not yours to decide; you can propose it.",
    ],
    "it": [
        "seats accetta numeri interi, e 9,5 non va bene. Da 1 a 8.",
        "seats può solo esserci o non esserci, e x non va bene.",
        "Troppe richieste: riprova tra 1 secondo.",
        "Troppe richieste: riprova tra 2 secondi.",
        "La decisione su label non spetta a te; puoi proporla.",
    ],
    "tr": [
        "seats tam sayı alır; 9,5 olmaz. 1 ile 8 arası.",
        "seats yalnızca var ya da yok olabilir; x olmaz.",
        "Çok fazla istek: 1 saniye sonra yeniden deneyin.",
        "Çok fazla istek: 2 saniye sonra yeniden deneyin.",
        "label için karar vermek size düşmüyor; önerebilirsiniz.",
    ],
}


@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_codes_are_said_in_the_readers_language_and_others_in_the_words_that_came(scripts: Page, language: str) -> None:
    told = scripts.evaluate(SAID, [language, dict(pages.texts(language)), ERRORS])
    assert told == [*WORDS[language], "the line is odd: mend it", "something new", pages.texts(language)["fault.away"]]


def test_an_italian_page_says_a_refusal_a_conflict_and_an_end_in_italian(
    browser: Browser, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> None:
    context = browser.new_context(locale="it-IT")
    page = context.new_page()
    link = serve(write_line(tmp_path_factory.mktemp("kitchen"), KITCHEN))
    page.goto(link)
    page.get_by_role("button", name="Comincia").click()
    row(page, "counter").locator(".name").click()
    value = page.get_by_role("spinbutton", name="Valore")
    value.fill("7.5")
    page.keyboard.press("Enter")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("\u2068counter\u2069 accetta numeri, e 7,5 non va bene. Da 0,6 a 1,25.")
    value.fill("0.7")
    page.keyboard.press("Enter")
    row(page, "hob").locator(".name").click()
    reasons = page.locator(".reasoning .reasons")
    expect(reasons).to_contain_text("il vincolo \u2068counter < 0.75 => !hob\u2069 (\u2068constraints[4].rule\u2069)")
    expect(page.get_by_role("button", name="Ritira \u2068counter\u2069")).to_be_visible()
    row(page, "hob").locator(".box").click()
    dialog = page.get_by_role("dialog", name="Così non va")
    expect(dialog).to_contain_text("«\u2068counter\u2069» è stata impostata a 0,7")
    expect(dialog).to_contain_text("«\u2068hob\u2069» è stata scelta")
    page.keyboard.press("Escape")
    context.clear_cookies()
    row(page, "island").locator(".box").click()
    expect(alert).to_contain_text("la sessione è finita")
    page.goto(f"{link.split('?')[0]}rooms/AAAAAAAAAAAAAAAAAAAAAAAA")
    expect(page.get_by_role("alert")).to_contain_text("Non hai accesso, oppure la sessione è finita")
    context.close()
