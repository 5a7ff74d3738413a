"""The steps of an order, done for real: its selection read, its quote made, its product built and upgraded.

Each asks the line, and then has the order book write down what came of it; a book that refuses has seen nothing.
"""

from __future__ import annotations

import hashlib
import json
import os.path
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from .derive.progress import quiet
from .errors import SartoError
from .hooks.reading import read_text
from .line import Built, ProductLine
from .model.brand_check import brand_texts
from .model.cosmetics import Cosmetic, CosmeticType
from .model.expression import Value
from .model.prices import Offer, quote_from_data, quote_to_data
from .model.selection import Selection
from .model.toml_selection import load_selection, selection_to_toml
from .order_book import BookedOrder, OrderBook, OrderState, User, check_step

if TYPE_CHECKING:
    from .derive.progress import Progress
    from .solve.evolution.migration import Migration
    from .solve.reasons import Resolution

__all__ = [
    "Upgraded", "build_order", "check_as_quoted", "files_for_order", "in_place", "offer_of", "placed", "put_in_place",
    "quote_order", "quote_text", "selection_of", "text_for_order", "upgrade_order",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Upgraded:
    """An upgrade: the order as it is since, the new build, and what became of the decisions of its selection."""

    order: BookedOrder
    built: Built
    migration: Migration


def text_for_order(selection: Selection, line: ProductLine) -> str:
    """A selection as an order has it: whole, without profiles, which may change, and seen from the line's folder."""
    return _as_toml(placed(selection, line, line.folder / "order"))


def files_for_order(selection: Selection, line: ProductLine) -> dict[str, bytes]:
    """The files of the selection's brand, by their paths in :func:`text_for_order`.

    Each is looked at as a build would. Raises SartoError with all that is wrong in the brand.
    """
    from .derive.brand import brand_of

    description = line.of(selection).description
    brand, paths = brand_of(description, line.folder, selection), placed(selection, line, line.folder / "order").brand
    return {str(paths[slot]): brand.files[brand.slots[slot]] for slot in _file_slots(selection, line)}


def put_in_place(
    book: OrderBook, user: User, order: BookedOrder, selection: Selection, line: ProductLine, file: Path
) -> Selection:
    """The order's selection as it is written at ``file``, the files that the book keeps of it written beside that.

    A file that is still where it was, with the same content, is left there, as is one that the book does not keep.
    Raises SartoError where a file is damaged.
    """
    put = placed(selection, line, file)
    brand = dict(put.brand)
    for slot in _file_slots(selection, line):
        path = str(selection.brand[slot])
        if path in order.files and _digest_of(line.folder / path) != order.files[path]:
            content = book.file(user, order.id, path)
            copy = file.with_name(f"{file.stem}-{slot}{PurePath(path).suffix}")
            copy.write_bytes(content)
            brand[slot] = copy.name
    return replace(put, file=str(file), brand=brand, places={})


@contextmanager
def in_place(
    book: OrderBook, user: User, order: BookedOrder, selection: Selection, line: ProductLine
) -> Iterator[Selection]:
    """The selection with the files that the book keeps, for as long as it is built."""
    with TemporaryDirectory(prefix="sarto-order-") as folder:
        file = Path(folder) / PurePath(selection.file).name
        yield put_in_place(book, user, order, selection, line, file) if order.files else selection


def _file_slots(selection: Selection, line: ProductLine) -> list[str]:
    cosmetics = line.written.cosmetics
    return [slot for slot, value in selection.brand.items() if value and slot in cosmetics and _is_own(cosmetics[slot])]


def _is_own(cosmetic: Cosmetic) -> bool:
    return cosmetic.type.is_file and cosmetic.type is not CosmeticType.TEMPLATE


def _digest_of(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def placed(selection: Selection, line: ProductLine, file: Path) -> Selection:
    """A selection as it is written at ``file``: its paths seen from there, and nothing left to profiles."""
    brand = dict(selection.brand)
    for slot, cosmetic in line.written.cosmetics.items():
        if cosmetic.type.is_file and brand.get(slot):
            brand[slot] = _seen_from(file.parent, Path(selection.brand_file(slot)))
    return replace(selection, line=_seen_from(file.parent, line.written.file), extends=(), brand=brand)


def selection_of(order: BookedOrder, line: ProductLine) -> Selection:
    """The selection of an order as it is written. Raises SartoError where the order is not for this line."""
    if order.line != line.written.name:
        what = f"order {order.number} is for the line '{order.line}', and this is '{line.written.name}'"
        raise SartoError(what, where=line.written.file)
    own = str(line.folder / f"order {order.number}")
    return load_selection(own, lambda file: order.selection if file == own else read_text(Path(file)))


def quote_order(
    book: OrderBook, user: User, order: BookedOrder, line: ProductLine, *, date: str, valid_until: str = ""
) -> BookedOrder:
    """The order with its quote (:func:`quote_text`). Raises what this does, and what the book does."""
    check_step(order, user, OrderState.QUOTED)
    text = quote_text(order, line, date=date, valid_until=valid_until)
    return book.advance(user, order.id, order.version, OrderState.QUOTED, quote=text)


def quote_text(order: BookedOrder, line: ProductLine, *, date: str, valid_until: str = "") -> str:
    """The quote for an order's selection, as a book keeps it, with the number ORDER-VERSION and the dates as given.

    With it the whole configuration is kept, so that no other one is built for it. Raises Conflict, and what
    ``ProductLine.quote`` does.
    """
    selection, resolution = _resolved(order, line)
    quote = quote_to_data(line.quote(selection, resolution=resolution))
    said = {"number": f"{order.number}-{order.version + 1}", "date": date, "valid_until": valid_until, **quote}
    said |= {"line_version": line.written.version, "configuration": resolution.configuration}
    return json.dumps(said, ensure_ascii=False)


def offer_of(order: BookedOrder, line: ProductLine) -> Offer:
    """The quote of an order with what a document about it needs, in the language of its selection, else in English.

    Raises SartoError where it has none.
    """
    said = _parsed(order.quote)
    try:
        quote = quote_from_data(said)
    except (ValueError, KeyError, TypeError, ArithmeticError):
        raise SartoError(f"order {order.number} has no quote") from None
    selection = selection_of(order, line)
    configuration = said.get("configuration") or line.resolve(line.fitting(selection)).configuration
    number, date, until = (str(said.get(key, "")) for key in ("number", "date", "valid_until"))
    language = line.plugins.quote_language(selection.language)
    return Offer(
        line=line.of(selection).description, customer=order.customer, quote=quote, configuration=configuration,
        number=number, date=date, valid_until=until, brand=brand_texts(line.written, selection, language.tag),
        language=language,
    )  # fmt: skip


def build_order(
    book: OrderBook, user: User, order: BookedOrder, line: ProductLine, output: Path, progress: Progress = quiet
) -> tuple[BookedOrder, Built]:
    """Build what was approved, exactly, in the folder ``output``, and write down its lock and its build.

    Raises SartoError where the line has come to give another configuration than the one that was quoted, Conflict, what
    ``ProductLine.build`` does, and what the book does. Who is stopped in between builds the same once more.
    """
    check_step(order, user, OrderState.BUILT)
    selection, resolution = _resolved(order, line)
    _check_as_quoted(order, resolution)
    with in_place(book, user, order, selection, line) as whole:
        built = line.build(whole, output, progress=progress, resolution=resolution)
    lock, build = _papers(built, line)
    return book.advance(user, order.id, order.version, OrderState.BUILT, lock=lock, build=build), built


def upgrade_order(
    book: OrderBook, user: User, order: BookedOrder, line: ProductLine, output: Path, progress: Progress = quiet
) -> Upgraded:
    """Build the order against the line as it is now, its selection migrated where it no longer fits as it is.

    Raises SartoError where that gives the build that the order has already, and what :func:`build_order` does.
    """
    from .derive.json_text import as_json
    from .derive.manifest import manifest
    from .derive.standard_lock import standard_lock
    from .solve.evolution.migration import migrate

    check_step(order, user, OrderState.UPGRADED)
    written = selection_of(order, line)
    migration = migrate(written, line.of(written).description)
    text = _as_toml(migration.selection)
    selection = line.fitting(load_selection(written.file, lambda _: text))
    resolution = line.resolve(selection)
    with in_place(book, user, order, selection, line) as whole:
        plan = line.plan(whole, progress, resolution=resolution)
        same_build = hashlib.sha256(as_json(manifest(plan))).hexdigest() == _digest_in(order.build)
        if same_build and standard_lock(plan).decode() == order.lock:
            what = f"the line gives the build that order {order.number} has already: there is nothing to upgrade"
            raise SartoError(what, where=line.written.file)
        built = line.build(whole, output, progress=progress, resolution=resolution)
    lock, build = _papers(built, line)
    changed = "" if migration.selection == written else text
    new = book.advance(user, order.id, order.version, OrderState.UPGRADED, lock=lock, build=build, selection=changed)
    return Upgraded(new, built, migration)


def _resolved(order: BookedOrder, line: ProductLine) -> tuple[Selection, Resolution]:
    selection = line.fitting(selection_of(order, line))
    return selection, line.resolve(selection)


def check_as_quoted(order: BookedOrder, line: ProductLine) -> None:
    """Raise SartoError where the line has come to give another configuration than the one that was quoted."""
    _check_as_quoted(order, _resolved(order, line)[1])


def _check_as_quoted(order: BookedOrder, resolution: Resolution) -> None:
    quoted: object = _parsed(order.quote).get("configuration")
    if not isinstance(quoted, dict):  # whoever made the quote did not say what for
        return
    now = resolution.configuration
    names = [name for name in (*now, *(name for name in quoted if name not in now)) if _differ(quoted, now, name)]
    if names:
        changed = ", ".join(f"'{name}'" for name in names[:5]) + (", …" if len(names) > 5 else "")
        what = f"the line has changed since order {order.number} was quoted, and would give another product: {changed}"
        raise SartoError(what, hint="take the order back to configuring and quote it anew")


def _differ(quoted: Mapping[str, Value], now: Mapping[str, Value], name: str) -> bool:
    """A feature that is new and off, or gone and was off, makes no other product."""
    was, is_now = quoted.get(name, False), now.get(name, False)
    return was != is_now or isinstance(was, bool) is not isinstance(is_now, bool)


def _papers(built: Built, line: ProductLine) -> tuple[str, str]:
    """The lock of a build, and what tells it from every other."""
    from .derive.manifest import MANIFEST
    from .derive.standard_lock import STANDARD_LOCK

    folder = built.outputs["bundle"]
    said = {
        "sha256": hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest(),
        "folder": _seen_from(line.folder, folder),
        "line_version": line.written.version,
        "parts": len(built.plan.parts),
    }
    return (folder / STANDARD_LOCK).read_text(encoding="utf-8"), json.dumps(said, ensure_ascii=False)


def _digest_in(build: str) -> str:
    return str(_parsed(build).get("sha256", ""))


def _parsed(text: str) -> dict[str, Any]:
    """What a JSON text of the book says, which others may have written; nothing where it is no object."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _seen_from(folder: Path, path: str | PurePath) -> str:
    """The path from a folder, or the whole path where they are on different drives."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        return Path(path).absolute().as_posix()


def _as_toml(selection: Selection) -> str:
    import tomli_w

    return tomli_w.dumps(selection_to_toml(selection))
