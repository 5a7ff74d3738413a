"""Several files as one model: what a file imports takes the place where its root is named, under its name there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sarto.errors import Place
from sarto.model.feature import Feature, Group, GroupKind
from sarto.model.notation import shortened

from .document import Document, Import, OpenGroup
from .faults import Faults

__all__ = ["MOST_FILES", "Composition", "Instance", "Names", "check_ambiguity", "compose"]

MOST_FILES = 10_000


@dataclass(frozen=True, slots=True)
class Names(Collection[str]):
    """The names of a composition as one of its files writes them: without ``prefix``.

    What begins with a name in ``unread``, a file that could not be read, counts as known.
    """

    features: Mapping[str, Feature]
    prefix: str = ""
    unread: tuple[str, ...] = ()

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (f"{self.prefix}{name}" in self.features or name.startswith(self.unread))

    def __iter__(self) -> Iterator[str]:
        return (name[len(self.prefix) :] for name in self.features if name.startswith(self.prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class Instance:
    """One file at one place of the model."""

    document: Document
    names: Names


@dataclass(slots=True)
class Composition:
    """The whole tree, and the files that it is made of, each before those that it imports."""

    root: str
    features: dict[str, Feature] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)


def compose(document: Document, faults: Faults) -> Composition:
    """The tree of a file with all that it imports; what does not fit goes into ``faults``."""
    composition = Composition(document.root)
    work = [(document, "")]
    while work:
        current, prefix = work.pop()
        placed = _put(current, prefix, composition, faults)
        work += [(below, f"{prefix}{line.prefix}.") for line, below in reversed(placed)]
        if len(composition.instances) > MOST_FILES:
            what = f"the imports multiply to more than {MOST_FILES:,} files"
            faults.error(what, Place(document.file), hint="files that import others twice double them")
            composition.instances.clear()
            break
    if any("." in name for name in composition.features):
        check_ambiguity(composition.features, faults)
    return composition


def _put(document: Document, prefix: str, whole: Composition, faults: Faults) -> list[tuple[Import, Document]]:
    """Put the features and groups of one file into the whole; gives the imports that are placed in it."""
    unread = tuple(f"{line.prefix}." for line in document.imports if line.document is None)
    whole.instances.append(Instance(document, Names(whole.features, prefix, unread)))
    if not prefix and not document.imports:
        whole.features = document.features
        whole.groups = [_group(group, "", faults) for group in document.groups if group.parent is not None]
        whole.instances[-1] = Instance(document, Names(whole.features))
        return []
    placed: list[tuple[Import, Document]] = []
    for feature in document.features.values():
        _add(feature, prefix, document, whole, faults)
        line = _import_of(feature.name, document)
        if line is not None and _is_placed(feature, line, faults) and line.document is not None:
            placed.append((line, line.document))
        elif line is None and "." in feature.name and document.imports:
            _report_unknown_import(feature, document, faults)
    for line in document.imports:
        if line.document is not None and not any(line is other for other, _ in placed):
            what = f"'{shortened(line.prefix)}' is imported, but its root is nowhere in the tree"
            hint = f"put {line.prefix}.{line.document.root} into a group"
            faults.warning("unplaced", what, line.where, hint)
    whole.groups += (_group(group, prefix, faults) for group in document.groups if group.parent is not None)
    return placed


def _import_of(name: str, document: Document) -> Import | None:
    """The import whose name a dotted name begins with; the longest, where there are several."""
    found = [line for line in document.imports if name.startswith(f"{line.prefix}.")] if "." in name else []
    return max(found, key=lambda line: len(line.prefix), default=None)


def _is_placed(feature: Feature, line: Import, faults: Faults) -> bool:
    root = line.document.root if line.document is not None else ""
    if not root or feature.name == f"{line.prefix}.{root}":
        return bool(root)
    what = f"'{shortened(feature.name)}' is not the root of what is imported as '{shortened(line.prefix)}'"
    faults.error(what, feature.where, hint=f"only the root can be put into a tree: {line.prefix}.{root}")
    return False


def _report_unknown_import(feature: Feature, document: Document, faults: Faults) -> None:
    prefix = feature.name.rpartition(".")[0]
    known = ", ".join(f"'{line.prefix}'" for line in document.imports)
    what = f"nothing is imported as '{shortened(prefix)}'"
    faults.error(what, feature.where, hint=f"imported here: {shortened(known)}")


def _add(feature: Feature, prefix: str, document: Document, whole: Composition, faults: Faults) -> None:
    name = f"{prefix}{feature.name}"
    reference = whole.features.get(name)
    if reference is None:
        whole.features[name] = replace(feature, name=name) if prefix else feature
    elif prefix and feature.name == document.root:
        whole.features[name] = _merged(feature, reference, faults)
    else:
        what = f"the feature '{shortened(name)}' is there twice"
        faults.error(what, feature.where, hint=f"the other is {reference.where}")


def _merged(root: Feature, reference: Feature, faults: Faults) -> Feature:
    """The root of an imported file, with what is said of it where it is put into a tree."""
    said_twice = [
        *(["its type"] if root.type and reference.type else []),
        *(["its cardinality"] if root.instances and reference.instances else []),
        *(f"the attribute '{shortened(key)}'" for key in reference.attributes if key in root.attributes),
    ]
    for what in said_twice:
        hint = f"leave it out here, or there: {root.where}"
        faults.error(f"{what} is given where '{shortened(reference.name)}' is imported, too", reference.where, hint)
    return replace(
        root,
        name=reference.name,
        type=root.type or reference.type,
        attributes={**root.attributes, **reference.attributes},
        abstract=root.abstract or reference.abstract,
        instances=root.instances or reference.instances,
    )


def _group(group: OpenGroup, prefix: str, faults: Faults) -> Group:
    members = tuple(f"{prefix}{name}" for name in group.members) if prefix else tuple(group.members)
    parent = f"{prefix}{group.parent}"
    if group.kind is not GroupKind.CARDINALITY:
        return Group(parent, group.kind, members, where=group.where)
    size = len(members)
    if group.low > size > 0:
        what = f"{group.low} of {size} features cannot be selected"
        faults.error(what, group.where, hint=f"the first number is at most {size}")
    return Group(
        parent, group.kind, members, group.low, size if group.high is None else min(group.high, size), group.where
    )


def check_ambiguity(features: Mapping[str, Feature], faults: Faults) -> None:
    """Report names that can mean both a feature and an attribute."""
    for name, feature in features.items():
        parts = name.split(".")
        for length in range(1, len(parts)):
            owner = ".".join(parts[:length])
            if owner in features and parts[length] in features[owner].attributes:
                what = f"'{shortened(name)}' is a feature, and may be an attribute of '{shortened(owner)}' too"
                faults.error(what, feature.where, hint="rename one of the two")
