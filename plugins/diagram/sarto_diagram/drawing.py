"""A feature model as a picture, with a configuration drawn into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from sarto.model.expression import Value
from sarto.model.feature import Constraint
from sarto.model.feature_model import FeatureModel

from .boxes import feature_box
from .edges import edges
from .legend import Sign, legend, notation, state_signs
from .notes import about, notes
from .placing import Placing, place
from .state import State
from .style import style_sheet
from .svg import element, escaped, text_at
from .tree import Tree, shown_tree

__all__ = ["draw"]

CLASS = "sarto-diagram"
_MARGIN = 24
_NARROWEST = 640


def draw(
    model: FeatureModel,
    states: Mapping[str, State] | None = None,
    *,
    values: Mapping[str, Value] | None = None,
    broken: Collection[Constraint] = (),
    title: str = "",
    root: str | None = None,
    depth: int | None = None,
) -> str:
    """The feature model as an SVG document.

    ``states`` says what a configuration makes of each feature (None: the model alone), ``values`` gives those of
    typed features, ``broken`` the constraints that are in conflict. ``root`` and ``depth`` show a part: the
    subtree of one feature, down to that many levels below it. The same arguments give the same text.

    Raises :class:`SartoError` for an unknown ``root`` or a negative ``depth``.
    """
    tree = shown_tree(model, root, depth)
    placing = place(model, tree, values or {}, states or {})
    shown = {node.name for node in tree.nodes}
    constraints = about(model.constraints, shown) if len(shown) < len(model.features) else list(model.constraints)
    summary = _summary(tree, len(model.constraints), states)
    wide = max(placing.width, _NARROWEST)

    header, y = _header(title or model.root, summary)
    key, height = legend(_signs(model, tree, states), _MARGIN, y, wide)
    y += height + _MARGIN
    picture = element("g", _picture(model, tree, placing, states), transform=f"translate({_MARGIN} {y})")
    y += placing.height + _MARGIN
    omitted = len(model.constraints) - len(constraints)
    below, height = notes(constraints, broken, omitted, _MARGIN, y, wide)
    size = wide + 2 * _MARGIN, y + height + _MARGIN // 2
    return _document(title or model.root, summary, size, header + key + picture + below)


def _header(title: str, summary: str) -> tuple[str, int]:
    return text_at(_MARGIN, 36, title, "title") + text_at(_MARGIN, 58, summary, "detail"), 70


def _summary(tree: Tree, constraints: int, states: Mapping[str, State] | None) -> str:
    """``12 features, 3 constraints: 6 chosen, 4 excluded, 2 open`` (of the features that are shown or cut away)."""
    names = [name for node in tree.nodes for name in (node.name, *node.hidden)]
    said = f"{_counted(len(names), 'feature')}, {_counted(constraints, 'constraint')}"
    if states is None:
        return said
    found = Counter(str(states[name]) if name in states else "undecided" for name in names)
    return f"{said}: " + ", ".join(f"{found[kind]} {kind}" for kind in (*State, "undecided") if found[kind])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _signs(model: FeatureModel, tree: Tree, states: Mapping[str, State] | None) -> Iterator[Iterable[Sign]]:
    features = [model.features[node.name] for node in tree.nodes]
    kinds = {node.group.kind for node in tree.nodes if node.group}
    yield notation(features, kinds, has_cuts=any(node.hidden for node in tree.nodes))
    if states is not None:
        yield state_signs({states.get(one.name) for one in features})


def _picture(model: FeatureModel, tree: Tree, placing: Placing, states: Mapping[str, State] | None) -> str:
    lines = (edges(box, tree.bunches(number), tree.nodes, placing.boxes) for number, box in enumerate(placing.boxes))
    boxes = (
        feature_box(model.features[node.name], node, box, (states or {}).get(node.name))
        for node, box in zip(tree.nodes, placing.boxes, strict=True)
    )
    return element("g", *filter(None, lines), aria_hidden="true") + element("g", *boxes, role="list")


def _document(title: str, summary: str, size: tuple[int, int], content: str) -> str:
    wide, high = size
    document = element(
        "svg",
        element("title", escaped(title), id=f"{CLASS}-title"),
        element("desc", escaped(summary), id=f"{CLASS}-summary"),
        element("style", style_sheet(f".{CLASS}")),
        element("rect", class_="page", width=wide, height=high),
        content,
        xmlns="http://www.w3.org/2000/svg",
        class_=CLASS,
        viewBox=f"0 0 {wide} {high}",
        width=wide,
        height=high,
        role="graphics-document document",
        aria_labelledby=f"{CLASS}-title",
        aria_describedby=f"{CLASS}-summary",
    )
    return f"{document}\n"
