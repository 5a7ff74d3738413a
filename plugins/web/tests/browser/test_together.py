"""The configurator with its server: to a build, with others in one room, in a vendor's page, over a large model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Serve
from .lines import HOSTILE, huge, write_line
from .seeing import enter, expect_accessible, row, settle, standing_of, toggle


def test_from_the_start_page_to_a_build(page: Page, serve: Serve, atelier: Path, tmp_path: Path) -> None:
    page.goto(serve(atelier))
    expect(page.get_by_role("heading", name="Begin anew")).to_be_visible()
    expect_accessible(page)
    enter(page, serve(atelier), "Museo del Porto")
    toggle(page, "cashmere")
    expect(page.locator(".total")).to_have_text("€764.94")
    page.get_by_role("button", name="Recommended").click()
    expect(page.get_by_role("dialog", name="Recommended")).to_contain_text("out:")
    expect_accessible(page)
    page.get_by_role("button", name="Take this").click()
    settle(page)
    expect(page.locator(".remaining")).to_have_text("1 product remains · 0 features open")
    page.get_by_role("button", name="Review").click()
    dialog = page.get_by_role("dialog", name="Your selection")
    dialog.get_by_role("button", name="Approve").click()
    expect(dialog).to_contain_text("Approved by: vendor and customer.")
    dialog.get_by_role("button", name="Build it").click()
    done = dialog.get_by_role("link", name="Download the product")
    done.wait_for(timeout=60_000)
    expect_accessible(page)
    with page.expect_download() as waited:
        done.click()
    waited.value.save_as(tmp_path / waited.value.suggested_filename)
    begins = (tmp_path / waited.value.suggested_filename).read_bytes()[:4]
    assert begins == {".zip": b"PK\x03\x04", ".zst": b"\x28\xb5\x2f\xfd"}[Path(waited.value.suggested_filename).suffix]


def test_a_quote_is_asked_for_in_the_language_of_the_page(page: Page, serve: Serve, atelier: Path) -> None:
    enter(page, serve(atelier), "Acme")
    page.get_by_label("Language").select_option("tr")
    page.get_by_role("button", name="Gözden geçir").click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Teklif (HTML)").click()
    expect(opened.value.locator("html")).to_have_attribute("lang", "tr")
    expect(opened.value.locator("tr.total th")).to_have_text("Toplam")
    expect(opened.value.locator("tr.total td")).to_have_css("text-align", "right")


def test_two_people_in_one_room_see_each_other_and_each_decides_their_own(
    page: Page, browser: Browser, serve: Serve, atelier: Path
) -> None:
    enter(page, serve(atelier), "Acme")
    page.get_by_role("button", name="Share").click()
    link = page.get_by_label("For the customer").input_value()
    expect_accessible(page)
    page.keyboard.press("Escape")
    other_context = browser.new_context(locale="en-GB")
    other = other_context.new_page()
    other.goto(link)
    expect(page.locator(".person")).to_have_count(2)
    other.locator(".naming summary").click()
    other.get_by_label("Your name").fill("Giulia <b>")
    other.get_by_role("button", name="Use it").click()
    expect(page.locator(".person")).to_have_text(["Giulia <b>", "Host (you)"])
    toggle(other, "waterproof")
    expect(row(page, "waterproof")).to_have_attribute("data-standing", "chosen")
    expect(row(page, "waterproof").locator(".tag")).to_contain_text("Giulia <b>")
    expect(page.locator("#status")).to_contain_text("waterproof\u2069 chosen")
    toggle(page, "wool")
    expect(row(other, "wool")).to_have_attribute("data-standing", "chosen")

    row(other, "label").locator(".name").click()
    expect(other.get_by_role("radio", name="In", exact=True)).to_be_disabled()
    other.get_by_label("A note with it (optional)").fill("It is for my <b>father</b>")
    other.keyboard.press("Tab")
    other.keyboard.press("Enter")
    expect(page.locator(".proposal")).to_contain_text("proposes \u2068label\u2069It is for my <b>father</b>")
    expect(other.get_by_label("A note with it (optional)")).to_have_value("")
    expect_accessible(other)
    expect_accessible(page)
    page.get_by_role("button", name="Accept").click()
    expect(row(other, "label")).to_have_attribute("data-standing", "chosen")
    expect(other.locator(".proposal")).to_contain_text("accepted")

    other.get_by_label("Comment", exact=True).fill("Could it be <b>longer</b>?")
    other.get_by_role("button", name="Send").click()
    expect(page.locator(".said")).to_contain_text("Could it be <b>longer</b>?")
    other_context.close()


def test_a_conflict_with_the_servers_repairs_is_mended(page: Page, serve: Serve, atelier: Path) -> None:
    enter(page, serve(atelier))
    toggle(page, "linen")
    row(page, "length").locator(".name").click()
    page.get_by_role("spinbutton", name="Value").fill("130")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="This does not go together")
    expect(dialog).to_contain_text("So long a coat of linen does not hang")
    expect_accessible(page)
    dialog.get_by_text("take back \u2068linen\u2069").click()
    dialog.get_by_role("button", name="Mend it so").click()
    settle(page)
    assert (standing_of(page, "linen"), standing_of(page, "length")) == ("ruled-out", "chosen")
    row(page, "linen").locator(".name").click()
    expect(page.locator(".reasons")).to_contain_text("So long a coat of linen does not hang")
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert standing_of(page, "linen") == "chosen"


def test_a_selection_file_is_gone_on_with_and_compared(page: Page, serve: Serve, atelier: Path, tmp_path: Path) -> None:
    file = tmp_path / "acme.toml"
    file.write_text('line = "x"\ncustomer = "Acme"\n[select]\nwool = true\nlength = 120\n', encoding="utf-8")
    page.goto(serve(atelier))
    page.get_by_label("Selection file (.toml)").set_input_files(file)
    page.get_by_role("button", name="Open").click()
    expect(row(page, "wool")).to_have_attribute("data-standing", "chosen")
    file.write_text('line = "x"\ncustomer = "Acme"\n[select]\ncashmere = true\nlength = 90\n', encoding="utf-8")
    page.get_by_role("button", name="Compare").click()
    dialog = page.get_by_role("dialog", name="Compare")
    dialog.get_by_label("or a selection file").set_input_files(file)
    dialog.get_by_role("button", name="Compare").click()
    expect(dialog).to_contain_text("Only here: 1")
    expect(dialog).to_contain_text("length: 120 | 90")
    expect_accessible(page)


def test_whoever_was_not_let_in_is_told_so_on_a_page_of_their_own(page: Page, serve: Serve, atelier: Path) -> None:
    page.goto(serve(atelier).split("?")[0])
    expect(page.get_by_role("alert")).to_contain_text("Nobody has let you in")
    expect_accessible(page)


def test_a_model_of_eighteen_thousand_features_is_drawn_as_far_as_it_is_looked_at(
    page: Page, serve: Serve, tmp_path: Path
) -> None:
    (tmp_path / "huge.uvl").write_text(huge(), encoding="utf-8")
    line = tmp_path / "features.toml"
    line.write_text(
        '[line]\nname = "huge"\nversion = "1"\nmodel = "huge.uvl"\n[core]\nparts = ["huge"]\ncommand = "huge"\n'
    )
    enter(page, serve(line))
    page.get_by_role("combobox", name="Search features").fill("f18600")
    expect(page.locator("#found").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(row(page, "f18600")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Space")
    settle(page)
    assert standing_of(page, "f18600") == "chosen"
    expect(page.locator("#status")).to_contain_text("in:")
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        page.keyboard.press("*")
        page.wait_for_timeout(100)
    assert page.locator(".tree-space").evaluate("each => each.offsetHeight") > 2_000
    assert row(page).count() < 60
    page.keyboard.press("End")
    assert row(page).count() < 60


def test_hostile_names_go_to_the_server_and_come_back_as_text(page: Page, serve: Serve, tmp_path: Path) -> None:
    enter(page, serve(write_line(tmp_path, HOSTILE)), "<img src=x onerror=alert(1)>")
    for name in ("<script>document.title='owned'</script>", "a/b?c#d"):
        toggle(page, name)
        assert standing_of(page, name) == "chosen"
    toggle(page, "قهوة بالحليب")
    expect(page.get_by_role("dialog")).to_contain_text("<script>document.title='owned'</script>")
    page.keyboard.press("Escape")
    row(page, "قهوة بالحليب").locator(".name").click()
    expect(page.locator(".reasons")).not_to_be_empty()
    assert page.title() == "bold · Choose"
    assert page.locator("#app script, #app img, #app b").count() == 0


@contextmanager
def shop_page(folder: Path) -> Iterator[str]:
    """A vendor's own site on another port; its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def test_one_script_tag_puts_the_configurator_into_a_vendors_page(
    context: BrowserContext, page: Page, serve: Serve, atelier: Path, tmp_path: Path
) -> None:
    with shop_page(tmp_path) as shop:
        script = serve(atelier, "--embed-from", shop)
        listening = """<script>heard = []; for (const kind of ["sarto:ready", "sarto:change", "sarto:done"])
            addEventListener(kind, event => heard.push([kind, event.detail]))</script>"""
        (tmp_path / "index.html").write_text(
            f'<!doctype html><html lang="en"><title>Shop</title>{listening}<main><h1>Our coats</h1>'
            f'<script src="{script}" data-height="700"></script></main></html>'
        )
        page.goto(shop)
        frame = page.frame_locator("iframe")
        box = frame.locator('[role=treeitem][data-feature="wool"] .box')
        box.click()
        expect(frame.locator(".total")).to_have_text("€451.40")
        page.wait_for_function("() => heard.some(([kind]) => kind === 'sarto:change')")
        kind, detail = page.evaluate("heard.find(([kind]) => kind === 'sarto:change')")
        assert (kind, [each["feature"] for each in detail["decisions"]], detail["price"]["total"]) == (
            "sarto:change",
            ["wool"],
            "451.40",
        )
        page.evaluate("postMessage({source: 'sarto', kind: 'change', detail: 'forged'}, '*')")
        frame.get_by_role("button", name="Review").click()
        with page.expect_download():
            frame.get_by_role("button", name="Download selection").click()
        page.wait_for_function("() => heard.some(([kind]) => kind === 'sarto:done')")
        assert "wool = true" in page.evaluate("heard.find(([kind]) => kind === 'sarto:done')[1].selection")
        assert not page.evaluate("heard.some(([, detail]) => detail === 'forged')")
        expect(page.locator("iframe")).to_have_css("height", "700px")
        page.keyboard.press("Escape")
        frame.get_by_role("tree").focus()
        page.keyboard.press("Home")
        page.keyboard.press("ArrowLeft")
        expect(page.locator("iframe")).to_have_css("height", "480px")
        expect_accessible(page)
