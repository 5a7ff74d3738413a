"""The whole library in one object: a product line, opened, checked, resolved, planned and built."""

from __future__ import annotations

import os.path
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from .derive.locked import Locked
from .derive.patience import Patience
from .derive.progress import quiet
from .errors import SartoError
from .hooks.manager import PluginManager
from .hooks.reading import read_found, read_text
from .hooks.types import ModelReading
from .model.instance_room import check_goals, instances_said, sums_fault, without_sums
from .model.instance_wishes import with_instances
from .model.instances import expanded
from .model.line import LineDescription
from .model.selection import Selection
from .model.toml_line import line_model_file, read_line
from .model.toml_selection import check_selection, load_selection

if TYPE_CHECKING:
    from .derive.brand import Brand
    from .derive.brand_report import SlotFilled
    from .derive.catalog import Catalog
    from .derive.plan import Plan
    from .derive.progress import Progress
    from .derive.round import Round
    from .derive.signature import SigningKey, VerifyingKey
    from .derive.verify import VerifyReport
    from .model.feature_model import FeatureModel
    from .model.prices import Quote
    from .solve.reasons import Resolution
    from .solve.skeletons import Skeletons
    from .solve.soundness import Finding

__all__ = ["Built", "Locked", "ProductLine", "read_model", "read_text", "verify_build"]

LINE_FILE = "features.toml"


@dataclass(frozen=True, slots=True)
class Built:
    """What one build came to: its plan, and the files and folders that were handed out, one for each format.

    ``launcher`` starts the product; None where nothing was handed out from which it can be started as it is.
    """

    plan: Plan
    outputs: Mapping[str, Path]
    launcher: Path | None


def read_model(path: Path, plugins: PluginManager, *, strict: bool = False) -> ModelReading:
    """The feature model of a file in any format that a plugin reads, by the file's suffix."""
    return plugins.model_format(path).read(path, strict)


def verify_build(build: Path, plugins: PluginManager, key: VerifyingKey | None = None) -> VerifyReport:
    """What is wrong with a build, a folder or a file, in whatever format it was handed out, or with a delta.

    The ``key`` is as in ``verify``.
    Raises :class:`SartoError` where there is no build, or one of a format that no plugin has.
    """
    from .derive.verify import form_of, verify
    from .derive.verify_delta import is_delta, verify_delta
    from .derive.verify_file import verify_file

    if build.is_file() and is_delta(build):
        return verify_delta(build, key)
    if build.is_file() and (unpack := plugins.file_format(build).unpack):
        return verify_file(build, unpack, key)
    form = form_of(build)
    return verify(build, key, plugins.build_format(form).verify if form else None)


class ProductLine:
    """One line: what is written of it, the folder in which it stands, and the plugins that work on it."""

    def __init__(self, description: LineDescription, folder: Path, plugins: PluginManager) -> None:
        self.written = description
        self.folder = folder
        self.plugins = plugins
        self._catalogs: dict[tuple[str, str], Catalog] = {}
        self._at_hand: set[tuple[str, str]] = set()
        self._preparing, self._patience = Lock(), Patience()
        self._said: Mapping[str, int] = {}
        self._wider: dict[tuple[tuple[str, int], ...], ProductLine] = {}

    @classmethod
    def open(cls, path: Path | None = None, *, plugins: PluginManager | None = None) -> ProductLine:
        """Open a features.toml, or that of a folder; the present folder's where no path is given.

        Raises SartoErrors with everything that is wrong in the file.
        """
        file = Path(LINE_FILE) if path is None else path / LINE_FILE if path.is_dir() else path
        if path is None and not file.exists():
            raise SartoError(
                "there is no features.toml in this folder", hint="name a line: a features.toml or its folder"
            )
        manager = plugins or PluginManager.discover()
        suffix = file.suffix.lower()
        if suffix != ".toml" and any(suffix in format.suffixes for format in manager.model_formats()):
            hint = f'write a features.toml that begins with: [line] model = "{file.name}"'
            raise SartoError("this is a feature model, not a product line", where=str(file), hint=hint)
        text = read_text(file) if file == path else read_found(file)
        beside = line_model_file(text, str(file))
        model = read_model(file.parent / beside, manager).model if beside else None
        return cls(read_line(text, str(file), model), file.parent, manager)

    @classmethod
    def for_selection(cls, path: Path, *, plugins: PluginManager | None = None) -> tuple[ProductLine, Selection]:
        """The line that a selection names, and the selection, checked against it."""
        selection = load_selection(str(path), lambda file: read_text(Path(file)))
        line = cls.open(Path(os.path.normpath(path.parent / selection.line)), plugins=plugins).of(selection)
        return line, line.fitting(selection)

    def of(self, selection: Selection) -> ProductLine:
        """The line with as many instances written out as the selection speaks of, and some more.

        It is the line itself, but where there may be any number of instances of a feature.
        """
        said = instances_said(self.written.model, selection)
        if said == self._said:
            return self
        key = tuple(sorted(said.items()))
        if key not in self._wider:
            line = ProductLine(self.written, self.folder, self.plugins)
            line._said, line._wider = said, self._wider
            line._catalogs, line._at_hand = self._catalogs, self._at_hand
            line._preparing, line._patience = self._preparing, self._patience
            self._wider[key] = line
        return self._wider[key]

    @cached_property
    def description(self) -> LineDescription:
        """The line with the instances of its features written out (:mod:`sarto.model.instances`).

        Where there may be any number of them, as many are as make a difference; :meth:`of` a selection, more.
        """
        model = expanded(self.written.model, said=self._said)
        return self.written if model is self.written.model else replace(self.written, model=model)

    @property
    def model(self) -> FeatureModel:
        """The line's feature model, in which every instance is a feature of its own; ``written`` has it as written."""
        return self.description.model

    @cached_property
    def _skeletons(self) -> Skeletons:
        from .solve.skeletons import Skeletons

        return Skeletons(self.model)

    def selection(self, path: Path) -> Selection:
        """Read a selection with its profiles and check it against this line."""
        return self.fitting(load_selection(str(path), lambda file: read_text(Path(file))))

    def fitting(self, selection: Selection) -> Selection:
        """A selection that was read, checked against this line; each of its instances has its own name."""
        line = self.of(selection)
        selection = with_instances(selection, line.model)
        check_selection(selection, line.description)
        return selection

    def resolve(self, selection: Selection) -> Resolution:
        """The configuration of a selection, with a reason for every decision. Raises Conflict."""
        from .solve.conflict import Conflict
        from .solve.difficulty import TooHard
        from .solve.resolution import resolve

        line, written = self.of(selection), self.written.model
        check_goals(written, selection)
        selection = with_instances(selection, line.model)
        try:
            return resolve(line.model, selection, line._skeletons)
        except Conflict:
            if fault := sums_fault(written, selection):
                resolve(expanded(without_sums(written), said=line._said), selection)
                raise fault from None
            raise
        except TooHard as error:
            if self.plugins.solver() is None:
                raise
            hint = "sarto optimise SELECTION -o FILE decides it and writes a selection with every value"
            raise TooHard(error.what, where=error.where, hint=hint) from None

    def quote(self, selection: Selection, *, resolution: Resolution | None = None) -> Quote:
        """What the configuration of a selection costs; the ``resolution`` is as in :meth:`plan`.

        Raises Conflict, or SartoError where the prices do not come to anything for it.
        """
        from .model.prices import quote_of

        found = resolution or self.resolve(selection)
        return quote_of(self.of(selection).description, found.configuration)

    def plan(
        self,
        selection: Selection,
        progress: Progress = quiet,
        *,
        resolution: Resolution | None = None,
        brand: Brand | None = None,
    ) -> Plan:
        """Everything about the build of a selection, its parts in the store.

        The line is prepared for the selection's target first: resolved together and locked, once for each content.
        Where the selection was resolved before, its ``resolution`` spares doing it again; so does its ``brand``.
        Raises Conflict, or SartoError where a part cannot be had.
        """
        from .derive.planning import plan

        found = resolution or self.resolve(selection)
        catalog = self._prepared(selection, progress)
        return plan(self.of(selection).description, self.folder, selection, found, catalog, progress, brand)

    def build(
        self,
        selection: Selection,
        output: Path,
        formats: Sequence[str] = ("bundle",),
        progress: Progress = quiet,
        *,
        key: SigningKey | None = None,
        provenance: bool = False,
        resolution: Resolution | None = None,
        brand: Brand | None = None,
        during: Round | None = None,
    ) -> Built:
        """Assemble the build of a selection in the folder ``output``, once for each format.

        Where there is a ``key``, it signs the build; with it, or with ``provenance``, the build has its provenance.
        ``resolution`` and ``brand`` are as in :meth:`plan`; each build takes less ``during`` a round of them.
        Whatever happens on the way, what stands there afterwards is whole: the new build, or what was there.
        """
        from .derive.deliver import deliver
        from .derive.store import PartStore
        from .derive.store_use import using
        from .derive.vouching import Vouching

        asked = {name: self.plugins.build_format(name) for name in formats}
        packs = {name: format.pack for name, format in asked.items()}
        from_files = {name: format.pack_files for name, format in asked.items() if format.pack_files}
        vouching = Vouching(key=key, provenance=provenance)
        within = during if during and during.output == output else None
        with nullcontext() if during else using(PartStore.default()):
            plan = self.plan(selection, progress, resolution=resolution, brand=brand)
            files = self.plugins.build_files(plan)
            outputs = deliver(plan, files, packs, output, progress, vouching, from_files=from_files, during=within)
        launcher = next((path for name, path in outputs.items() if asked[name].starts), None)
        if launcher is not None and launcher.is_dir():
            launcher /= f"{plan.launcher}.py"
        return Built(plan, outputs, launcher)

    def brand(self, selection: Selection) -> tuple[SlotFilled, ...]:
        """What fills each slot of the line's cosmetics. Raises SartoErrors with all that is wrong with the files."""
        from .derive.brand_report import brand_report

        return brand_report(self.description, self.folder, selection)

    def catalog(self, selection: Selection, progress: Progress = quiet) -> Catalog:
        """The line, locked for the selection's target, once for all who ask; of its parts none is fetched for that.

        Raises SartoError where they do not go together, or one does not exist; what took long to fail is not tried
        again for all who ask.
        """
        from .derive.prepare import lock
        from .derive.target import resolve_target

        target = resolve_target(self.description, selection)
        key = (target.python, target.platform)
        with self._preparing:
            if key not in self._catalogs:
                with self._patience.trying(key):
                    self._catalogs[key] = lock(self.description, self.folder, target, progress)
            return self._catalogs[key]

    def _prepared(self, selection: Selection, progress: Progress) -> Catalog:
        """The same with the core's parts at hand; one build at a time fetches them, the others find it done."""
        catalog = self.catalog(selection, progress)
        key = (catalog.target.python, catalog.target.platform)
        with self._preparing:
            if key not in self._at_hand:
                with self._patience.trying(("parts", *key)):
                    catalog.parts((), progress)
                self._at_hand.add(key)
        return catalog

    def lock(self, *, upgrade: bool = False, progress: Progress = quiet) -> Locked:
        """Resolve the line's parts together; with ``upgrade`` to the newest versions that fit. Writes nothing.

        Raises SartoError where they do not go together.
        """
        from .derive.line_lock import line_lock
        from .derive.prepare import COMMITTED, lock
        from .derive.store import PartStore
        from .derive.store_use import using
        from .derive.target import line_targets

        targets = line_targets(self.description)
        with using(PartStore.default()):
            catalog = lock(self.description, self.folder, targets[0], progress, upgrade=upgrade)
        catalogs = [replace(catalog, target=target) for target in targets]
        file = self.folder / COMMITTED
        before = read_text(file) if file.exists() else ""
        return Locked(file, catalog.lock_text, before, lambda: line_lock(self.model, catalogs))

    def check(self, *, parts: bool = True, progress: Progress = quiet) -> tuple[Finding, ...]:
        """What is wrong with the line: its feature model, its cosmetics, and, unless ``parts`` is false, its parts.

        For that the line's parts are locked and fetched for all of its targets, and where one of these is this machine,
        every plugin is imported in a process of its own. Of a void model only that is said.
        """
        from .derive.brand_report import brand_findings
        from .solve.soundness import model_findings

        findings = tuple(model_findings(self.written.model, self.plugins.solver()))
        findings += tuple(brand_findings(self.written, self.folder))
        if parts and not any(finding.kind == "void" for finding in findings):
            from .derive.contracts import part_findings
            from .derive.store import PartStore
            from .derive.store_use import using

            with using(PartStore.default()):
                findings += part_findings(self.description, self.folder, progress)
        return findings
