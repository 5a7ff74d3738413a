"""From a DIMACS file to a flat feature model: the variables as optional features, the clauses as constraints."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from sarto.errors import Place, SartoError
from sarto.hooks import Gathered, ModelReading
from sarto.hooks.reading import read_content
from sarto.model.expression import Expression, FeatureReference, Not, Or
from sarto.model.feature import Constraint, Feature, Group, GroupKind
from sarto.model.feature_model import FeatureModel
from sarto.model.notation import shortened

from .problem import Problem
from .scanning import scan

__all__ = ["ROOT", "UNNAMED", "free_name", "read", "read_text"]

ROOT = "root"
UNNAMED = "variable_"


def read(path: Path, strict: bool = False) -> ModelReading:
    """The model in a DIMACS file.

    Every named variable is an optional feature below the abstract root ``root``, every clause a constraint.
    A variable whose name is marked as generated is an abstract feature; so is one without a name that a clause
    has, ``variable_7``, which is a warning, or an error where ``strict``. Names that are taken get a ``_`` at
    their end. Raises SartoError with all errors of the file together.
    """
    try:
        content = read_content(path)
    except FileNotFoundError:
        raise SartoError("there is no such file", where=Place(str(path))) from None
    except OSError as error:
        raise SartoError(f"this file cannot be read: {error.strerror}", where=Place(str(path))) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text: byte {error.start} is {content[error.start]:#04x}"
        raise SartoError(what, where=Place(str(path)), hint="save the file as UTF-8") from None
    return read_text(text, str(path), strict)


def read_text(text: str, file: str = "", strict: bool = False) -> ModelReading:
    """The model in a DIMACS text, as :func:`read` would read it from ``file``."""
    faults = Gathered(strict)
    problem = scan(text.replace("\r\n", "\n").replace("\r", "\n"), file, faults)
    features = _features(problem, faults)
    faults.raise_found()
    return ModelReading(_model(problem, features), faults.warnings)


def free_name(name: str, taken: Container[str]) -> str:
    """The name, with as many ``_`` at its end as it takes to be free."""
    while name in taken:
        name += "_"
    return name


def _features(problem: Problem, faults: Gathered) -> dict[int, Feature]:
    """The feature of each variable that has a name or is in a clause, by number."""
    used: dict[int, Place] = {}
    for clause in problem.clauses:
        for literal in clause.literals:
            used.setdefault(abs(literal), clause.where)
    for number, where in used.items():
        if number > problem.variables:
            what = f"the variable {number} is beyond the {problem.variables:,} of the header"
            faults.oddity("beyond", what, where)
    features = _named(problem, used, faults)
    taken = {feature.name for feature in features.values()}
    for number in sorted(used.keys() - features.keys()):
        name = free_name(f"{UNNAMED}{number}", taken)
        features[number] = Feature(name=name, abstract=True, where=used[number])
        what = f"the variable {number} has no name, and becomes the abstract feature '{name}'"
        faults.oddity("unnamed", what, used[number], hint=f"name it in a comment: c {number} name")
    silent = problem.variables - sum(number <= problem.variables for number in features)
    if silent > 0 and problem.header is not None:
        have, are = ("has", "is") if silent == 1 else ("have", "are")
        what = f"{silent:,} of the variables {have} neither a name nor a clause, and {are} left out"
        faults.oddity("silent", what, problem.header)
    return dict(sorted(features.items()))


def _named(problem: Problem, used: Container[int], faults: Gathered) -> dict[int, Feature]:
    """The features of the variables that comments name; a number that is no variable's makes no name of a remark."""
    features: dict[int, Feature] = {}
    owners: dict[str, int] = {}
    for number, name in problem.remarks:
        if not 0 < number <= problem.variables and number not in used:
            continue
        if number in features:
            if features[number].name != name.text:
                first, second = shortened(features[number].name), shortened(name.text)
                faults.error(f"the variable {number} has two names, '{first}' and '{second}'", name.where)
            continue
        features[number] = Feature(name=name.text, abstract=name.is_generated, where=name.where)
        if owners.setdefault(name.text, number) != number:
            what = f"'{shortened(name.text)}' names two variables, {owners[name.text]} and {number}"
            faults.error(what, name.where)
    return features


def _model(problem: Problem, features: dict[int, Feature]) -> FeatureModel:
    root = free_name(ROOT, {feature.name for feature in features.values()})
    literals: dict[int, Expression] = {}
    for number, feature in features.items():
        literals[number] = FeatureReference(feature.name)
        literals[-number] = Not(literals[number])
    never = Not(FeatureReference(root))
    constraints = [
        Constraint(_clause(tuple(literals[literal] for literal in clause.literals), never), where=clause.where)
        for clause in problem.clauses
    ]
    names = tuple(feature.name for feature in features.values())
    return FeatureModel(
        root=root,
        features={root: Feature(name=root, abstract=True), **{feature.name: feature for feature in features.values()}},
        groups=(Group(root, GroupKind.OPTIONAL, names),) if names else (),
        constraints=tuple(constraints),
    )


def _clause(operands: tuple[Expression, ...], never: Expression) -> Expression:
    """One of the operands; of none, what never holds."""
    return Or(operands) if len(operands) > 1 else operands[0] if operands else never
