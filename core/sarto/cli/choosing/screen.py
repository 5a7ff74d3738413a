"""What is shown: a question with the consequences of each answer, what an answer settled, what was found."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from ...errors import SartoError
from ...model.expression import Value, features_in
from ...model.feature import Feature, Group
from ...model.grammar import write
from ...model.line import LineDescription
from ...model.values import in_words, shown
from ...solve.configurator import Consequences
from ...solve.words import sentence
from ..errors import show
from ..output import Cell, counted, print_table
from .answers import LEAVE, OPEN, can_be_left_open
from .effects import effects_in_words
from .questions import Question
from .state import Answer, State
from .totals import Totals

__all__ = ["Screen"]

PREVIEWED = 12
"""Of how many members of a group consequences and reasons are shown; each takes a look at the whole model."""

HELP = """\
  y  n            the feature is in, or out
  2    1 3        members of a group, by number or by name
  50              a value; a text in quotes where it would mean something else here
  -  or Enter     leave it to the line
  o               leave it to the end user, where the line allows that
  u               take back the last answer
  /word           find a feature by its name or summary, and go there
  ?               more about this question: what binds it, and why something is settled
  d               leave all other questions to the line
  w               write the selection and finish
  q               finish without writing"""


class Screen:
    """Shows one choice on stdout and reads what is typed."""

    def __init__(self, line: LineDescription) -> None:
        self.model = line.model
        self.totals = Totals(line)

    def ask(self, state: State, question: Question) -> str:
        """Show the question and return what is typed. Raises EOFError where the input ends."""
        click.echo()
        self._show_head(state, question)
        if question.group is not None:
            self._show_members(state, question, question.group)
            return self.read(f"{question.group.parent}: {_wanted(question.group)}? ")
        name = question.members[0]
        self._show_choices(state, self.model.features[name])
        return self.read(f"{name}? ")

    def read(self, prompt: str) -> str:
        """What is typed after the prompt. Raises EOFError where the input ends."""
        text = input(prompt).strip()
        if not sys.stdin.isatty():
            click.echo(text)  # where nobody types, what is read would not be seen
        return text

    def show_settled(self, before: Mapping[str, Value], answer: Answer, consequences: Consequences) -> None:
        """Show what an answer settled beyond itself; ``before`` is what was decided until then."""
        if words := effects_in_words(self.model, self.totals, before, answer, consequences):
            click.echo(click.style(f"  {words}", fg="green"))

    def show_error(self, error: SartoError) -> None:
        """Show why something typed cannot be done."""
        show(error, file=sys.stdout)

    def show_found(self, state: State, names: Sequence[str]) -> None:
        """Show a numbered list of features with how they stand."""
        features = [self.model.features[name] for name in names]
        rows = [(str(n), each.name, _standing(state, each.name), each.summary) for n, each in enumerate(features, 1)]
        print_table(rows, indent="  ")

    def show_details(self, state: State, question: Question) -> None:
        """Show all that is known of the features of a question."""
        for name in question.members:
            for line in self._details(state, self.model.features[name]):
                click.echo(f"  {line}")

    def _show_head(self, state: State, question: Question) -> None:
        """Where in the tree the question is, how far the choice got, and what it adds up to."""
        path = [question.members[0]] if question.group is None else [question.group.parent]
        while (parent := self.model.parent_of(path[0])) is not None:
            path.insert(0, parent)
        sums = self.totals.of(state.decided)
        parts = [counted(len(state.answers), "answer"), f"{len(self.model.features) - len(state.settled)} free"]
        parts += [f"{key} {self.totals.in_words(key, amount)}" for key, amount in sums.items()]
        click.echo(f"{click.style(' > '.join(path), bold=True)}  ({', '.join(parts)})")
        if summary := self.model.features[path[-1]].summary:
            click.echo(f"  {summary}")

    def _show_choices(self, state: State, feature: Feature) -> None:
        """The answers to a question about one feature, with what each of them settles."""
        rows: list[tuple[str, Cell | str]] = []
        if feature.type is not None:
            rows.append(("value", in_words(feature).removesuffix(", or false")))
        if feature.type is None or not state.is_in(feature.name):
            answers = {key: Answer(feature.name, {feature.name: value}) for key, value in (("y", True), ("n", False))}
            rows += [(key, self._preview(state, answer)) for key, answer in answers.items()]
        if can_be_left_open(feature):
            rows.append((OPEN, "leave it to the end user"))
        print_table([*rows, (LEAVE, f"leave it to the line{_default(feature)}")], indent="  ")

    def _preview(self, state: State, answer: Answer) -> Cell:
        consequences = state.consequences(answer)
        if consequences is None:
            return Cell("impossible with the other answers", colour="red")
        words = effects_in_words(self.model, self.totals, state.decided, answer, consequences)
        return Cell(words or "nothing else follows", dim=not words)

    def _show_members(self, state: State, question: Question, group: Group) -> None:
        cells = [self._member(state, question, name) for name in group.members]
        summaries = [self.model.features[name].summary for name in group.members]
        numbers = [str(number) for number in range(1, len(cells) + 1)]
        print_table(zip(numbers, group.members, summaries, cells, strict=True), indent="  ")

    def _member(self, state: State, question: Question, name: str) -> Cell:
        """What choosing a member settles, or why it is settled already."""
        few = len(question.members) <= PREVIEWED
        if state.is_in(name) is not None and name not in state.wishes:
            decision = state.decision(name) if few else None
            standing = _standing(state, name)
            return Cell(f"{standing}: {sentence(decision)}" if decision else standing, dim=True)
        if not few:
            return Cell("")
        others = tuple(other for other in question.members if other != name) if question.takes_one else ()
        return self._preview(state, Answer(question.topic, {name: True}, dropped=others))

    def _details(self, state: State, feature: Feature) -> Iterator[str]:
        yield f"{click.style(feature.name, bold=True)}: {feature.summary or 'no summary'}"
        if feature.attributes:
            yield "  " + ", ".join(f"{key} {shown(value)}" for key, value in feature.written_attributes.items())
        decision = state.decision(feature.name)
        if decision is not None:
            yield f"  it is {_standing(state, feature.name)}: {sentence(decision)}"
        for constraint in self.model.constraints:
            if feature.name in features_in(constraint.expression):
                yield f"  {write(constraint.expression)}" + (f": {constraint.because}" if constraint.because else "")


def _standing(state: State, name: str) -> str:
    is_in = state.is_in(name)
    return "free" if is_in is None else "in" if is_in else "out"


def _wanted(group: Group) -> str:
    """How many members are to be chosen."""
    if (group.minimum, group.maximum) == (1, 1):
        return "one of these"
    if group.maximum == len(group.members):
        return f"{group.minimum} or more of these"
    return f"{group.minimum} to {group.maximum} of these"


def _default(feature: Feature) -> str:
    """What the line does where nobody decides, as far as that is its default."""
    if feature.default is None:
        return ""
    words = {True: "y", False: "n"}
    return f", which has {words[feature.default] if isinstance(feature.default, bool) else shown(feature.default)}"
