"""``--proof DIR``: what an independent checker needs, in a folder with a list of what proves which sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import SartoError
from .declaring import PATH
from .writing import write_whole

if TYPE_CHECKING:
    from ..line import ProductLine
    from ..model.expression import Value
    from ..model.feature_model import FeatureModel
    from ..model.selection import Selection
    from ..solve.analysis import Analysis
    from ..solve.certificates import Certificate
    from ..solve.reasons import Decision, Resolution

__all__ = [
    "POSSIBLE", "proof_option", "prove_analysis", "prove_decided", "prove_decision", "prove_model", "prove_resolution",
    "write_proofs",
]  # fmt: skip

C = TypeVar("C", bound=Callable[..., Any])

POSSIBLE = "the selection is possible"
WITNESS = "witness.json"

README = """\
Proofs of what Sarto said, for a checker that knows nothing of Sarto. claims.json lists the sentences.

X.cnf is a formula in DIMACS CNF. The comments at its top name the features by their variables, and
say from which rule of the model each clause comes. The last clauses are the opposite of the claim,
with what the claim rests on. X.drat proves in the format DRAT that the formula has no solution:

    drat-trim X.cnf X.drat

witness.json is a configuration: each feature with true, false or its value. It shows that there is one.
"""


def proof_option(function: C) -> C:
    """``--proof DIR``: a new folder for the proofs."""
    help = "Write proofs for an independent checker into the new folder DIR."
    return click.option("--proof", "proof", type=PATH, metavar="DIR", help=help)(function)


def prove_model(folder: Path, model: FeatureModel) -> None:
    """Write the proofs of what ``sarto check`` says of a model: those of its analysis and of redundant constraints."""
    from ..solve.analysis import analyse, redundant_constraints
    from ..solve.certificates import certify_redundant

    redundant = {id(constraint) for constraint in redundant_constraints(model)}
    indices = [index for index, constraint in enumerate(model.constraints) if id(constraint) in redundant]
    prove_analysis(folder, model, analyse(model), certify_redundant(model, indices))


def prove_decided(folder: Path, model: FeatureModel, decisions: Mapping[str, bool]) -> None:
    """Write the proofs of what ``sarto analyse`` says of a model's configurations that agree with the decisions."""
    from ..solve.analysis import analyse
    from ..solve.conditional import under

    subject = under(model, decisions) if decisions else model
    prove_analysis(folder, subject, analyse(subject))


def prove_analysis(
    folder: Path, model: FeatureModel, analysis: Analysis, more: Iterable[Certificate] = ()
) -> None:  # fmt: skip
    """Write the proofs of an analysis: of a void model, or a configuration and why features are what they are."""
    from ..solve.certificates import certify_analysis, witness

    found = None if analysis.void else witness(model)
    write_proofs(folder, chain(certify_analysis(model, analysis), more), found, "the feature model has a configuration")


def prove_decision(folder: Path, model: FeatureModel, selection: Selection, decision: Decision) -> None:
    """Write the proof that a decision follows. Raises SartoError where it might have been another."""
    from ..solve.certificates import certify_consequence
    from ..solve.reasons import Cause
    from ..solve.words import sentence

    if decision.reason.cause is not Cause.CONSEQUENCE:
        raise SartoError(
            f"there is nothing to prove about '{decision.feature}', which could have been decided otherwise",
            hint=f"what decided it: {sentence(decision)}",
        )
    write_proofs(folder, [certify_consequence(model, selection, decision)])


def prove_resolution(folder: Path, line: ProductLine, selection: Selection) -> Resolution:
    """The resolution of a selection, with the proofs of what is forced; where it is impossible, those of that.

    Raises Conflict as :meth:`~sarto.line.ProductLine.resolve` does, behind the proofs.
    """
    from ..solve.certificates import certify_conflicts
    from ..solve.certified_resolution import certify_resolution
    from ..solve.conflict import Conflict

    try:
        resolution = line.resolve(selection)
    except Conflict as conflict:
        write_proofs(folder, certify_conflicts(line.model, selection, conflict.conflicts))
        raise
    proofs = certify_resolution(line.model, selection, resolution)
    write_proofs(folder, proofs, resolution.configuration, POSSIBLE)
    return resolution


def write_proofs(
    folder: Path, certificates: Iterable[Certificate], witness: Mapping[str, Value] | None = None, claim: str = ""
) -> None:
    """Write each certificate's formula and proof, the configuration that shows ``claim``, and the list of claims."""
    _refuse_filled(folder)
    claims: list[dict[str, Any]] = []
    if witness is not None:
        write_whole(folder / WITNESS, _json(witness))
        claims.append({"claim": claim, "witness": WITNESS})
    for certificate in certificates:
        formula, proof = f"{certificate.name}.cnf", f"{certificate.name}.drat"
        write_whole(folder / formula, certificate.refutation.cnf)
        write_whole(folder / proof, certificate.refutation.proof)
        about = {"features": list(certificate.features)} if certificate.features else {}
        claims.append({"claim": certificate.claim, **about, "cnf": formula, "proof": proof})
    write_whole(folder / "claims.json", _json({"claims": claims}))
    write_whole(folder / "README", README)


def _refuse_filled(folder: Path) -> None:
    """Raise SartoError where the folder has something in it, which would stand among the proofs."""
    if folder.exists() and not folder.is_dir():
        raise SartoError("this is a file, where a folder is to be written", where=str(folder))
    if folder.is_dir() and any(folder.iterdir()):
        raise SartoError("there is something in this folder already", where=str(folder), hint="name a new one")


def _json(data: Any) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
