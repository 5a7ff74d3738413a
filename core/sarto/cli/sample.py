"""``sarto sample``: configurations of a feature model: few that cover, some drawn at random, or all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .application import Application
from .declaring import PATH, declare, json_option, seconds_option
from .output import counted, print_json
from .progress import reporting
from .sample_folder import SampleFolder

if TYPE_CHECKING:
    from ..errors import SartoError
    from ..model.expression import Value
    from ..model.feature_model import FeatureModel
    from ..solve.sampling.coverage import Coverage, Interaction

__all__ = ["command"]

CHECK = 60.0
"""Seconds that the check may take at least, so that the share of a sample that ran out of time is known."""
NOUNS = {1: "feature states", 2: "pairs", 3: "triples"}


@declare(
    "sample",
    "sarto sample features.toml",
    "sarto sample model.uvl -t 3 -o samples",
    "sarto sample model.uvl --uniform 100 --json",
    "sarto sample model.uvl --all --json",
)
@click.argument("model", type=PATH)
@click.option("-t", "strength", type=click.IntRange(1, 3), metavar="N", help="Cover whatever N features can be.")
@click.option("--uniform", type=click.IntRange(1), metavar="N", help="Draw N configurations, each equally likely.")
@click.option("--all", "is_all", is_flag=True, help="All configurations, one after the other.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="The first N of all, no more.")
@click.option("--abstract", is_flag=True, help="Cover abstract features, too.")
@click.option("--selection", metavar="FILE", type=PATH, help="Only configurations that agree with this selection.")
@click.option("-o", "--output", metavar="DIR", type=PATH, help="A new folder for the configurations, as selections.")
@click.option("--seed", type=int, metavar="N", default=0, show_default=True, help="Another seed, another sample.")
@seconds_option(300, "How long it may take.")
@click.option("--strict", is_flag=True, help="Tolerate no fault in MODEL.")
@json_option
@click.pass_context
def command(
    ctx: click.Context, model: Path, strength: int | None, uniform: int | None, is_all: bool, limit: int | None,
    abstract: bool, selection: Path | None, output: Path | None, seed: int, seconds: float, strict: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Configurations of a model: few that cover, some drawn, or all.

    MODEL is a file in any format that a plugin reads. Without more, the sample is pairwise (-t 2): whatever two
    concrete features can be together, in or out, they are in one of its configurations; an independent check
    certifies it. All configurations come in the order of the tree, as JSON one in each line. Typed features have
    their defaults where the constraints allow that.
    """
    _refuse_mixtures(strength, uniform, is_all, limit, abstract)
    application = ctx.ensure_object(Application)
    folder = SampleFolder(output, model) if output else None
    subject = _read(application, model, selection, strict, is_covering=not (uniform or is_all))
    sample = _Sample(model, selection, subject, folder, seed, seconds, as_json)
    if is_all:
        sample.show_all(limit)
    elif uniform:
        sample.show_uniform(uniform)
    elif (shortfall := sample.show_covering(strength or 2, abstract=abstract)) is not None:
        from .errors import show

        show(shortfall)
        ctx.exit(1)


def _refuse_mixtures(
    strength: int | None, uniform: int | None, is_all: bool, limit: int | None, abstract: bool
) -> None:  # fmt: skip
    asked = [name for name, value in (("-t", strength), ("--uniform", uniform), ("--all", is_all)) if value]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)} do not go together")
    if limit and not is_all:
        raise click.UsageError("--limit needs --all")
    if abstract and (uniform or is_all):
        raise click.UsageError("--abstract is for covering (-t)")


def _read(
    application: Application, path: Path, selection: Path | None, strict: bool, *, is_covering: bool
) -> FeatureModel:
    from ..line import read_model, read_text
    from ..model.instance_room import check_ends, instances_said
    from ..model.instance_wishes import with_instances
    from ..model.instances import expanded
    from ..model.selection import Selection
    from ..model.toml_selection import load_selection
    from ..solve.sampling.space import agreeing

    reading = read_model(path, application.plugins, strict=strict)
    for warning in reading.warnings:
        application.warn(warning)
    wished = Selection(line="", customer="")
    if selection is not None:
        wished = load_selection(str(selection), lambda file: read_text(Path(file)))
    check_ends(reading.model, wished, is_of_sums=is_covering)
    subject = expanded(reading.model, said=instances_said(reading.model, wished))
    return agreeing(subject, with_instances(wished, subject))


class _Sample:
    """What is to be sampled, and how the sample is shown: as text or JSON, and in a folder where there is one."""

    def __init__(
        self, path: Path, selection: Path | None, model: FeatureModel, folder: SampleFolder | None, seed: int,
        seconds: float, as_json: bool,
    ) -> None:  # fmt: skip
        self.path = path
        self.selection = selection
        self.model = model
        self.folder = folder
        self.seed = seed
        self.seconds = seconds
        self.as_json = as_json

    def show_all(self, limit: int | None) -> None:
        """All configurations, or the first ones, each as soon as it is found."""
        from ..solve.sampling.enumeration import all_configurations

        found = all_configurations(self.model)
        number = 0
        for number, configuration in enumerate(islice(found, limit), 1):
            self._keep([configuration])
            if self.as_json:
                click.echo(json.dumps(configuration, ensure_ascii=False))
            elif not self.folder:
                click.echo(_line(number, configuration, self.model))
        if not number:
            raise self._nothing()
        if not self.as_json:
            is_cut = limit is not None and next(found, None) is not None
            first = "the first " if is_cut else ""
            self._print_end(f"{self.path}: {first}{counted(number, 'configuration')}")

    def show_uniform(self, size: int) -> None:
        """Configurations drawn uniformly."""
        from ..solve.sampling.space import NothingToSample
        from ..solve.sampling.uniform import uniform_sample

        try:
            with reporting() as reporter, reporter("drawing configurations"):
                sample = uniform_sample(self.model, size, seed=self.seed, seconds=self.seconds)
        except NothingToSample:
            raise self._nothing() from None
        self._show(sample.configurations, {"seed": self.seed})
        if not self.as_json:
            self._print_end(f"{self.path}: {counted(size, 'configuration')}, each drawn from all with equal chances")

    def show_covering(self, strength: int, *, abstract: bool) -> SartoError | None:
        """A covering sample; what it falls short of, where it does."""
        from ..solve.sampling.coverage import coverage_of
        from ..solve.sampling.covering import covering_sample, features_to_cover

        features = features_to_cover(self.model, abstract=abstract)
        with reporting() as reporter, reporter("covering") as progress:
            sample = covering_sample(
                self.model, strength, features, seed=self.seed, seconds=self.seconds, report=progress
            )
            progress("checking the coverage")
            found = sample.configurations
            coverage = coverage_of(self.model, found, strength, features, max(self.seconds, CHECK)) if found else None
        if not found:
            raise self._nothing()
        self._show(found, _as_data(coverage, strength, len(features)))
        if not self.as_json:
            self._print_end(
                f"{self.path}: {counted(len(found), 'configuration')}, {_verdict(coverage, strength, len(found))}"
            )
        return _shortfall(coverage, strength, self.seconds, is_complete=sample.is_complete)

    def _nothing(self) -> SartoError:
        """What to say where there is no configuration."""
        from ..errors import SartoError

        if self.selection:
            hint = "sarto explain SELECTION says why, for a selection of a line"
            return SartoError("no configuration agrees with this selection", where=str(self.selection), hint=hint)
        hint = "sarto analyse MODEL --explain says why"
        return SartoError("the model is void: it has no configuration", where=str(self.path), hint=hint)

    def _keep(self, configurations: Iterable[Mapping[str, Value]]) -> None:
        if self.folder:
            for configuration in configurations:
                self.folder.write(configuration)

    def _show(self, configurations: Sequence[Mapping[str, Value]], data: Mapping[str, Any]) -> None:
        self._keep(configurations)
        if self.as_json:
            print_json({**data, "configurations": configurations})
        elif not self.folder:
            for number, configuration in enumerate(configurations, 1):
                click.echo(_line(number, configuration, self.model))

    def _print_end(self, text: str) -> None:
        where = f", in {self.folder.folder}" if self.folder and self.folder.written else ""
        click.echo(text + where)


def _line(number: int, configuration: Mapping[str, Value], model: FeatureModel) -> str:
    """The selected features, with their values; not those that only say whether any instance has one."""
    from ..model.instances import is_any

    selected = (
        name if value is True else f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in configuration.items()
        if value is not False and not is_any(model, name)
    )
    return f"{number:04}  {', '.join(selected)}"


def _as_data(coverage: Coverage | None, strength: int, features: int) -> dict[str, Any]:
    return {
        "t": strength,
        "features": features,
        "covered": coverage.covered if coverage else None,
        "possible": coverage.covered + coverage.missing if coverage else None,
        "impossible": coverage.impossible if coverage else None,
        "complete": coverage.is_complete if coverage else None,
    }


def _verdict(coverage: Coverage | None, strength: int, size: int) -> str:
    if coverage is None:
        return "not certified"
    cover = "cover" if size > 1 else "covers"
    if coverage.is_complete:
        return f"which {cover} all {coverage.covered} possible {NOUNS[strength]} (certified)"
    possible = coverage.covered + coverage.missing
    return f"which {cover} {coverage.covered} of {possible} possible {NOUNS[strength]} ({coverage.share:.2%})"


def _shortfall(coverage: Coverage | None, strength: int, seconds: float, *, is_complete: bool) -> SartoError | None:
    """What to say of a sample that does not cover all, or of which nobody knows."""
    from ..errors import SartoError

    hint = "--seconds gives it more time"
    if coverage is None and not is_complete:
        return SartoError(f"the sample is incomplete: the {seconds:g} s are over; its share is unknown", hint=hint)
    if coverage is None:
        return SartoError(f"the sample could not be certified in {max(seconds, CHECK):g} s", hint=hint)
    if coverage.is_complete:
        return None
    lacking = f"{coverage.missing} possible {NOUNS[strength]} are not covered"
    example = f", for example {_in_words(coverage.example)}" if coverage.example else ""
    return SartoError(f"the sample is incomplete after {seconds:g} s: {lacking}{example}", hint=hint)


def _in_words(interaction: Interaction) -> str:
    return " and ".join(f"'{name}' {'in' if is_on else 'out'}" for name, is_on in interaction)
