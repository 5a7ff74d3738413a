"""The shop's model, and answers to questions about it, for the tests of choosing."""

from __future__ import annotations

from sarto.cli.choosing.answers import read_answer
from sarto.cli.choosing.questions import question_of
from sarto.cli.choosing.state import State
from sarto.model.feature_model import FeatureModel
from sarto.model.toml_line import model_from_toml
from sarto.solve.configurator import Consequences

from ..conftest import SHOP

__all__ = ["answer", "model", "shop", "typed"]


def model(text: str) -> FeatureModel:
    """The model of a features.toml without its head; the root is ``shop``."""
    return model_from_toml(f'[line]\nroot = "shop"\n{text}', "features.toml")


def shop() -> State:
    """A choice over the shop of the other tests, nothing said yet."""
    return State(model_from_toml(SHOP, "features.toml"))


def answer(state: State, feature: str, text: str) -> Consequences:
    """Answer the question in which the feature is decided, as it is typed."""
    return state.give(read_answer(state, question_of(state, feature), text))


def typed(*lines: str) -> str:
    """What is typed at the prompts, one after the other."""
    return "".join(f"{line}\n" for line in lines)
