"""The dialogue: asks until everything is answered or the person has enough."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

import click

from ...errors import SartoError
from .answers import LEAVE, Command, read_answer, read_command
from .questions import Question, is_settled, next_question, question_of
from .screen import HELP, Screen
from .state import Answer, State

__all__ = ["Dialogue", "Ending"]

FOUND = 20
"""How many features a search lists."""


class Ending(Enum):
    """How a dialogue ends."""

    WRITE = auto()
    QUIT = auto()


class Dialogue:
    """One person's way through the questions. What would make the choice impossible is refused with the reason.

    ``show_outcome`` shows what the answers lead to when no question is left; it may raise SartoError.
    """

    def __init__(self, state: State, screen: Screen, show_outcome: Callable[[], None]) -> None:
        self.state = state
        self.screen = screen
        self.show_outcome = show_outcome
        self._jumped_to: Question | None = None
        self._rest_is_left = False
        self._reviewed: tuple[Answer, ...] | None = None

    def run(self) -> Ending:
        """Ask until the person wants to write or to quit. Raises EOFError where the input ends."""
        while True:
            question = self._jumped_to or (None if self._rest_is_left else next_question(self.state))
            text = self.screen.ask(self.state, question) if question else self._review()
            command = read_command(text)
            if command is not None:
                if ending := self._obey(question, *command):
                    return ending
            elif question is not None:
                self._answer(question, text)

    def _review(self) -> str:
        if self._reviewed != self.state.answers:
            self._reviewed = self.state.answers
            click.echo()
            try:
                self.show_outcome()
            except SartoError as error:
                self.screen.show_error(error)
        return self.screen.read("w writes it, u takes back the last answer, /word goes to a feature, q quits? ")

    def _undo(self) -> None:
        """Take back the last answer and ask its question again."""
        answer = self.state.undo()
        self._rest_is_left, self._reviewed = False, None
        if answer is None:
            click.echo("  there is nothing to take back")
        elif isinstance(answer.topic, str):
            self._jumped_to = Question(answer.topic, (answer.topic,))
        else:
            self._jumped_to = Question(answer.topic, answer.topic.members)

    def _answer(self, question: Question, text: str) -> None:
        """Take the answer and go on; where it cannot be, say why and ask again."""
        said = {*self.state.wishes, *self.state.opened}
        if text == "" and not said.isdisjoint(question.members):
            self._jumped_to = None
            return
        before = self.state.decided
        try:
            answer = read_answer(self.state, question, text or LEAVE)
            consequences = self.state.give(answer)
        except SartoError as error:
            self.screen.show_error(error)
            return
        self._jumped_to = None
        self.screen.show_settled(before, answer, consequences)

    def _obey(self, question: Question | None, command: Command, argument: str) -> Ending | None:
        match command:
            case Command.UNDO:
                self._undo()
            case Command.HELP:
                click.echo(HELP)
            case Command.EXPLAIN if question is not None:
                self.screen.show_details(self.state, question)
            case Command.SEARCH:
                self._search(argument)
            case Command.DEFAULTS:
                self._rest_is_left, self._jumped_to = True, None
            case Command.WRITE:
                return Ending.WRITE
            case Command.QUIT:
                return Ending.QUIT
        return None

    def _search(self, text: str) -> None:
        """List the features that fit, and go to the one that is picked."""
        features, wanted = self.state.model.features, text.casefold()
        found = [text] if text in features else [
            name for name, feature in features.items()
            if wanted in name.casefold() or wanted in feature.summary.casefold()
        ]  # fmt: skip
        if not found:
            click.echo(f"  no feature has '{text}' in its name or summary")
            return
        picked = found[0] if len(found) == 1 else self._pick(found)
        if picked is not None:
            self._go_to(picked)

    def _pick(self, found: list[str]) -> str | None:
        self.screen.show_found(self.state, found[:FOUND])
        if len(found) > FOUND:
            click.echo(f"  and {len(found) - FOUND} more; say more of the name")
        text = self.screen.read("which one (a number, Enter for none)? ")
        return found[int(text) - 1] if text.isdecimal() and 1 <= int(text) <= min(len(found), FOUND) else None

    def _go_to(self, feature: str) -> None:
        """Ask for a feature next; where something else has settled it, say what."""
        question = question_of(self.state, feature)
        if is_settled(self.state, question):
            self.screen.show_details(self.state, Question(feature, (feature,)))
        else:
            self._jumped_to = question
