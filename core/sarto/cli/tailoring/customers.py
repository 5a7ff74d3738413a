"""Whom a run of ``sarto tailor`` is about: what is known of them, and what they have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import SartoError, did_you_mean

if TYPE_CHECKING:
    from ...hooks.manager import PluginManager
    from ...line import ProductLine
    from ...model.expression import Value
    from ...model.facts import KnownCustomer
    from ...proposals import Licence, Present

__all__ = ["Belongings", "known_customers", "one_of", "slug_of"]


def known_customers(line: ProductLine, facts: str, query: str, usage: Path | None) -> Iterator[KnownCustomer]:
    """What is known of each customer, with what their products have recorded where that is given."""
    recorded = _recorded(usage, line.description.name) if usage else {}
    alone = usage is not None and usage.is_file()
    for known in line.plugins.fact_source(facts).read(facts, query):
        more = next(iter(recorded.values())) if alone else recorded.get(slug_of(known.name), {})
        if twice := [name for name in more if name in known.facts]:
            raise SartoError(f"the fact '{twice[0]}' is in {usage}, too", where=known.where)
        yield replace(known, facts={**known.facts, **more}) if more else known


def _recorded(usage: Path, line: str) -> dict[str, Mapping[str, Value]]:
    """The facts of a file with usage, or those of all in a folder, by the names of the builds."""
    from ...line import read_text
    from ...model.usage_facts import read_usage_facts

    files = sorted(usage.glob("*.json")) if usage.is_dir() else [usage]
    found: dict[str, Mapping[str, Value]] = {}
    for file in files:
        each = read_usage_facts(read_text(file), str(file))
        if each.line != line:
            raise SartoError(f"this was recorded by a product of '{each.line}', not of '{line}'", where=str(file))
        found[each.name] = each.facts
    return found


def slug_of(customer: str) -> str:
    """The name of a customer's build and files; empty where nothing is left of it."""
    from ...derive.naming import build_name
    from ...model.selection import Selection

    try:
        return build_name(Selection(line="", customer=customer))
    except SartoError:
        return ""


def one_of(found: Iterator[KnownCustomer], facts: str, customer: str) -> KnownCustomer:
    """The one customer that is meant. Raises SartoError where there are several, or none of that name."""
    first = next(found, None)
    if first is None:
        raise SartoError("nobody is known there", where=facts)
    others = next(found, None)
    if others is None:
        return replace(first, name=customer) if customer else first
    if not customer:
        what = f"there are several customers: '{first.name}', '{others.name}', …"
        raise SartoError(what, where=facts, hint="choose one with --customer NAME, or take all with --fleet")
    names: list[str] = []
    for known in (each for part in ((first, others), found) for each in part):
        if known.name == customer:
            return known
        if len(names) < 1000:
            names.append(known.name)
    raise SartoError(f"there is no customer '{customer}'", where=facts, hint=did_you_mean(customer, names))


@dataclass(frozen=True, slots=True)
class Belongings:
    """What customers have: their selection or build, and their licence; each one file, or by name in a folder."""

    present: Path | None = None
    build: Path | None = None
    licence: Path | None = None

    def of(self, line: ProductLine, customer: str) -> tuple[Present | None, Licence | None]:
        """What a customer has in these very files."""
        from ...proposals import present_build, present_selection, read_licence

        has = None
        if self.present is not None:
            has = present_selection(line, line.selection(self.present))
        if self.build is not None:
            built = present_build(line, self.build)
            has = replace(built, selection=has.selection) if has else built
        licence = read_licence(self.licence) if self.licence else None
        if licence and licence.line != line.description.name:
            what = f"this is a licence for the line '{licence.line}', not for '{line.description.name}'"
            raise SartoError(what, where=licence.file)
        if licence and licence.name != slug_of(has.selection.customer if has else customer):
            raise SartoError(f"this is the licence of '{licence.name}'", where=licence.file)
        return has, licence

    def by_name(self, plugins: PluginManager) -> Mapping[str, Belongings]:
        """The same of each customer whose files are in the folders."""
        found: dict[str, Belongings] = {}
        for name, file in _selections(self.present, plugins):
            found[name] = Belongings(present=file)
        for folder in sorted(self.build.iterdir()) if self.build else ():
            if (folder / "build.json").is_file():
                found[folder.name] = replace(found.get(folder.name, Belongings()), build=folder)
        for file in sorted(self.licence.iterdir()) if self.licence else ():
            from ...proposals import read_licence

            if file.is_file():
                name = read_licence(file).name
                found[name] = replace(found.get(name, Belongings()), licence=file)
        return found


def _selections(folder: Path | None, plugins: PluginManager) -> Iterator[tuple[str, Path]]:
    from ...orders import Refusal, read_orders

    for order in read_orders(folder, plugins) if folder else ():
        if isinstance(order, Refusal):
            raise order.error
        yield order.name, order.file
