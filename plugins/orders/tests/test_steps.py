"""The steps of an order do the real work: a quote by the line's prices, a build that runs, an upgrade that migrates."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sarto.errors import SartoError
from sarto.hooks import PluginManager, QuoteLanguage, hookimpl
from sarto.hooks.plugin import Plugin
from sarto.line import ProductLine
from sarto.model.quote_language import ENGLISH
from sarto.order_book import BookedOrder, NotAllowed, OrderState
from sarto.order_steps import (
    build_order,
    files_for_order,
    offer_of,
    quote_order,
    selection_of,
    text_for_order,
    upgrade_order,
)
from sarto.solve.evolution.migration import Fate

from .shop import LINE, shop
from .stage import ACME, VENDOR, Stage

__all__ = ["shop"]

APPROVED, BUILT, DELIVERED, UPGRADED = OrderState.APPROVED, OrderState.BUILT, OrderState.DELIVERED, OrderState.UPGRADED


@pytest.fixture
def stage(file_url: str) -> Iterator[Stage]:
    stage = Stage(file_url)
    yield stage
    stage.book.close()


class Italian:
    """A plugin that writes quotes in a second language."""

    @hookimpl
    def sarto_quote_languages(self) -> list[QuoteLanguage]:
        return [replace(ENGLISH, tag="it")]


def line_of(home: Path) -> ProductLine:
    return ProductLine.open(home, plugins=PluginManager())


def ordered(stage: Stage, home: Path) -> BookedOrder:
    line = line_of(home)
    selection = line.selection(home / "selections" / "acme.toml")
    text, files = text_for_order(selection, line), files_for_order(selection, line)
    return stage.book.create(VENDOR, customer="Acme", line="shop", selection=text, files=files)


def approved(stage: Stage, home: Path) -> BookedOrder:
    order = quote_order(stage.book, VENDOR, ordered(stage, home), line_of(home), date="2026-11-29")
    return stage.step(order, APPROVED, ACME)


def delivered(stage: Stage, home: Path) -> BookedOrder:
    order, _ = build_order(stage.book, VENDOR, approved(stage, home), line_of(home), home / "builds")
    return stage.step(order, DELIVERED)


def said_by(launcher: Path | None) -> str:
    done = subprocess.run([sys.executable, str(launcher)], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def test_an_order_keeps_all_that_a_selection_says_whatever_becomes_of_its_profiles(stage: Stage, shop: Path) -> None:
    order = ordered(stage, shop)
    (shop / "selections" / "base.toml").write_text("[select]\nmaps = false\n")
    assert order.selection == (
        'line = "features.toml"\ncustomer = "Acme"\n\n[select]\nmaps = true\nseats = 7\n\n'
        '[brand]\nlogo = "selections/acme.svg"\n'
    )
    selection = selection_of(order, line_of(shop))
    assert {name: wish.value for name, wish in selection.wishes.items()} == {"maps": True, "seats": 7}


def test_a_quote_has_its_number_its_dates_and_every_amount(stage: Stage, shop: Path) -> None:
    line = line_of(shop)
    order = quote_order(stage.book, VENDOR, ordered(stage, shop), line, date="2026-11-29", valid_until="2026-12-31")
    said = json.loads(order.quote)
    assert (said["number"], said["date"], said["valid_until"]) == ("1-2", "2026-11-29", "2026-12-31")
    assert (said["currency"], said["net"], said["taxes"], said["total"]) == ("EUR", "1300.00", "286.00", "1586.00")
    assert said["configuration"] == {"shop": True, "maps": True, "tea": False, "seats": 7}
    again = quote_order(stage.book, VENDOR, order, line, date="2026-11-30")
    assert json.loads(again.quote)["number"] == "1-3"
    offer = offer_of(again, line)
    assert (offer.number, offer.date, offer.customer, str(offer.quote.total)) == (
        "1-3",
        "2026-11-30",
        "Acme",
        "1586.00",
    )
    assert "€1,586.00".encode() in PluginManager().quote_format("text").render(offer)


def test_a_quote_is_shown_in_the_language_of_the_orders_selection(stage: Stage, shop: Path) -> None:
    plugins = PluginManager()
    plugins.register(Italian(), Plugin("italian"))
    selection = shop / "selections" / "acme.toml"
    selection.write_text(f'language = "it-CH"\n{selection.read_text()}')

    line = ProductLine.open(shop, plugins=plugins)
    order = quote_order(stage.book, VENDOR, ordered(stage, shop), line, date="2026-11-29")
    assert offer_of(order, line).language.tag == "it"
    assert offer_of(order, line_of(shop)).language is ENGLISH


def test_what_was_approved_is_built_and_runs_and_the_book_knows_it(stage: Stage, shop: Path) -> None:
    order, built = build_order(stage.book, VENDOR, approved(stage, shop), line_of(shop), shop / "builds")
    folder = shop / "builds" / "acme"
    assert said_by(built.launcher) == "shop shop_maps"
    assert order.state is BUILT
    assert order.lock == (folder / "pylock.toml").read_text()
    assert json.loads(order.build) == {
        "sha256": hashlib.sha256((folder / "build.json").read_bytes()).hexdigest(),
        "folder": "builds/acme", "line_version": "1", "parts": 4,
    }  # fmt: skip
    assert (folder / "brand" / "logo.svg").read_text() == "<svg/>"


def test_an_order_is_built_with_its_files_where_these_never_were(stage: Stage, shop: Path, tmp_path: Path) -> None:
    order = approved(stage, shop)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(shop, elsewhere)
    shutil.rmtree(elsewhere / "selections")

    build_order(stage.book, VENDOR, order, line_of(elsewhere), elsewhere / "builds")
    assert (elsewhere / "builds" / "acme" / "brand" / "logo.svg").read_text() == "<svg/>"


def test_what_was_ordered_is_built_whatever_became_of_the_files_since(stage: Stage, shop: Path) -> None:
    order, line = approved(stage, shop), line_of(shop)
    line.build(line.fitting(selection_of(order, line)), shop / "before")
    (shop / "selections" / "acme.svg").write_text("<svg>another</svg>")

    order, _ = build_order(stage.book, VENDOR, order, line, shop / "after")
    for file in ("build.json", "brand/logo.svg"):
        assert (shop / "after" / "acme" / file).read_bytes() == (shop / "before" / "acme" / file).read_bytes()
    with pytest.raises(SartoError, match="there is nothing to upgrade"):
        upgrade_order(stage.book, VENDOR, stage.step(order, DELIVERED), line, shop / "after")


def test_an_order_of_before_files_were_kept_is_built_with_those_that_are_there(stage: Stage, shop: Path) -> None:
    line = line_of(shop)
    text = text_for_order(line.selection(shop / "selections" / "acme.toml"), line)
    order = stage.book.create(VENDOR, customer="Acme", line="shop", selection=text)
    order = stage.step(quote_order(stage.book, VENDOR, order, line, date="2026-11-29"), APPROVED)

    build_order(stage.book, VENDOR, order, line, shop / "builds")
    assert (shop / "builds" / "acme" / "brand" / "logo.svg").read_text() == "<svg/>"


def test_a_file_that_does_not_fit_its_slot_is_not_ordered(shop: Path) -> None:
    (shop / "features.toml").write_text(LINE.replace('type = "file"', 'type = "image"'))
    (shop / "selections" / "acme.svg").write_text("no picture")
    line = line_of(shop)

    with pytest.raises(SartoError, match=r"acme\.svg"):
        files_for_order(line.selection(shop / "selections" / "acme.toml"), line)


def test_a_line_that_would_give_another_product_than_the_quoted_one_builds_nothing(stage: Stage, shop: Path) -> None:
    order = approved(stage, shop)
    (shop / "features.toml").write_text(LINE.replace("[features.tea]", "[features.tea]\ndefault = true"))
    with pytest.raises(SartoError) as caught:
        build_order(stage.book, VENDOR, order, line_of(shop), shop / "builds")
    assert str(caught.value) == (
        "the line has changed since order 1 was quoted, and would give another product: 'tea'\n"
        "  hint: take the order back to configuring and quote it anew"
    )
    assert not (shop / "builds").exists()
    assert stage.book.order(VENDOR, order.id) == order


def test_a_line_that_has_another_feature_that_is_off_builds_what_was_quoted(stage: Stage, shop: Path) -> None:
    order = approved(stage, shop)
    (shop / "features.toml").write_text(LINE.replace('"seats"]', '"seats", "late"]\n[features.late]'))
    assert build_order(stage.book, VENDOR, order, line_of(shop), shop / "builds")[0].state is BUILT


def test_a_step_that_may_not_be_taken_does_no_work(stage: Stage, shop: Path) -> None:
    line, order = line_of(shop), ordered(stage, shop)
    with pytest.raises(NotAllowed, match="order 1 is configuring, and a customer does not make it quoted"):
        quote_order(stage.book, ACME, order, line, date="2026-11-29")
    with pytest.raises(NotAllowed, match="order 1 is configuring, after which it cannot be built"):
        build_order(stage.book, VENDOR, order, line, shop / "builds")
    with pytest.raises(NotAllowed, match="order 1 is configuring, after which it cannot be upgraded"):
        upgrade_order(stage.book, VENDOR, order, line, shop / "builds")
    assert not (shop / "builds").exists()


def test_a_selection_that_is_impossible_is_not_quoted(stage: Stage, shop: Path) -> None:
    order = ordered(stage, shop)
    (shop / "features.toml").write_text(LINE.replace("[features.maps]", '[features.maps]\nrequires = ["tea"]'))
    order = stage.book.save(VENDOR, order.id, 1, selection=order.selection.replace("[select]", "[select]\ntea = false"))
    with pytest.raises(SartoError) as caught:
        quote_order(stage.book, VENDOR, order, line_of(shop), date="2026-11-29")
    assert "'tea' is deselected (order 1: select.tea)" in str(caught.value).replace(f"{shop}/", "")
    assert stage.book.order(VENDOR, order.id) == order


def test_an_order_for_another_line_is_refused(stage: Stage, shop: Path) -> None:
    order = stage.book.create(VENDOR, customer="Acme", line="other", selection="")
    with pytest.raises(SartoError, match="order 1 is for the line 'other', and this is 'shop'"):
        quote_order(stage.book, VENDOR, order, line_of(shop), date="2026-11-29")


def test_an_order_without_a_quote_has_no_offer(stage: Stage, shop: Path) -> None:
    with pytest.raises(SartoError, match="order 1 has no quote"):
        offer_of(ordered(stage, shop), line_of(shop))


@pytest.mark.parametrize("text", ["to be agreed", "[]", '{"total": "900"}', '{"configuration": 7}'])
def test_a_quote_that_somebody_else_wrote_is_no_offer_and_what_was_approved_is_built(
    stage: Stage, shop: Path, text: str
) -> None:
    order = ordered(stage, shop)
    order = stage.book.advance(VENDOR, order.id, order.version, OrderState.QUOTED, quote=text)
    with pytest.raises(SartoError, match="order 1 has no quote"):
        offer_of(order, line_of(shop))
    order = stage.step(order, APPROVED)
    assert build_order(stage.book, VENDOR, order, line_of(shop), shop / "builds")[0].state is BUILT


def test_an_upgrade_that_changes_nothing_is_none(stage: Stage, shop: Path) -> None:
    order = delivered(stage, shop)
    with pytest.raises(SartoError) as caught:
        upgrade_order(stage.book, VENDOR, order, line_of(shop), shop / "builds")
    assert caught.value.what == "the line gives the build that order 1 has already: there is nothing to upgrade"
    assert stage.book.order(VENDOR, order.id) == order


def test_an_upgrade_carries_the_selection_over_to_the_line_as_it_is_now(stage: Stage, shop: Path) -> None:
    order = delivered(stage, shop)
    newer = LINE.replace('version = "1"', 'version = "2"').replace('"maps"', '"charts"')
    newer = newer.replace("[features.maps]", '[features.charts]\nwas = ["maps"]').replace("maximum = 50", "maximum = 6")
    (shop / "features.toml").write_text(newer)
    done = upgrade_order(stage.book, VENDOR, order, line_of(shop), shop / "builds")
    assert said_by(done.built.launcher) == "shop shop_maps"
    assert [(each.key, each.fate, each.after) for each in done.migration.decisions if each.key != "brand.logo"] == [
        ("select.maps", Fate.RENAMED, True), ("select.seats", Fate.CHANGED, 6),
    ]  # fmt: skip
    assert done.order.state is UPGRADED
    assert "charts = true\nseats = 6\n" in done.order.selection
    assert json.loads(done.order.build)["line_version"] == "2"
    assert done.order.quote == order.quote
    assert done.order.build != order.build
    after = json.loads(stage.book.history(VENDOR, order.id)[-1].before)
    assert (after["selection"], after["build"]) == (order.selection, order.build)
    assert stage.step(done.order, DELIVERED).state is DELIVERED


def test_an_upgrade_of_a_line_in_which_only_parts_changed_leaves_the_selection(stage: Stage, shop: Path) -> None:
    order = delivered(stage, shop)
    (shop / "features.toml").write_text(LINE.replace('version = "1"', 'version = "1.0.1"'))
    done = upgrade_order(stage.book, VENDOR, order, line_of(shop), shop / "builds")
    assert done.order.selection == order.selection
    assert [each.fate for each in done.migration.decisions] == [Fate.KEPT] * len(done.migration.decisions)
