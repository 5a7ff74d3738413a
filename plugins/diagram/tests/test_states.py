"""How a configuration, or a selection that has none, becomes the states of a diagram."""

from __future__ import annotations

import pytest
from sarto.errors import Place
from sarto.model.expression import Value
from sarto.model.feature_model import FeatureModel
from sarto.model.selection import Selection, Wish
from sarto.solve.conflict import Conflict
from sarto.solve.resolution import resolve
from sarto_diagram.conflicting import of_conflict
from sarto_diagram.state import Configured, State, of_resolution

from .models import shop


def selection(*open: str, **wishes: Value) -> Selection:
    return Selection(
        line="features.toml", customer="Acme", open={name: Place() for name in open},
        wishes={name: Wish(name, value) for name, value in wishes.items()},
    )  # fmt: skip


def in_conflict(model: FeatureModel, wished: Selection) -> Configured:
    with pytest.raises(Conflict) as caught:
        resolve(model, wished)
    return of_conflict(model, wished, caught.value)


def named(configured: Configured, state: State) -> set[str]:
    return {name for name, each in configured.states.items() if each is state}


def test_a_resolution_gives_every_feature_a_state_and_typed_ones_their_value() -> None:
    configured = of_resolution(resolve(shop(), selection("pickup", invoice=True, page_size=50)))
    assert named(configured, State.CHOSEN) == {"shop", "payment", "invoice", "page_size", "post"}
    assert named(configured, State.OPEN) == {"pickup"}
    assert configured.states.keys() == shop().features.keys()
    assert configured.values == {"page_size": 50}
    assert configured.broken == ()


def test_what_disagrees_is_marked_and_the_rest_is_shown_as_far_as_it_follows() -> None:
    model = shop()
    configured = in_conflict(model, selection(invoice=True, post=False, fuzzy=True, page_size=50))
    assert named(configured, State.CONFLICTING) == {"invoice", "post"}
    assert named(configured, State.CHOSEN) == {"shop", "payment", "page_size", "search", "fuzzy"}
    assert named(configured, State.EXCLUDED) == {"plain"}
    assert configured.broken == (model.constraints[1],)
    assert configured.values == {"page_size": 50}


def test_two_conflicts_are_both_shown() -> None:
    configured = in_conflict(shop(), selection(invoice=True, post=False, fuzzy=True, search=False))
    assert named(configured, State.CONFLICTING) == {"invoice", "post", "search", "fuzzy"}


def test_of_a_group_only_the_members_that_disagree_are_in_conflict() -> None:
    configured = in_conflict(shop(), selection(plain=True, fuzzy=True, search=True))
    assert named(configured, State.CONFLICTING) == {"plain", "fuzzy"}


def test_a_group_whose_members_are_all_refused_is_in_conflict_with_them() -> None:
    configured = in_conflict(shop(), selection(card=False, invoice=False))
    assert named(configured, State.CONFLICTING) >= {"payment", "card", "invoice"}
    assert "mail" not in named(configured, State.CONFLICTING)


def test_the_root_can_be_in_conflict_when_it_is_refused_itself() -> None:
    configured = in_conflict(shop(), selection(shop=False))
    assert named(configured, State.CONFLICTING) == {"shop"}


def test_a_model_that_contradicts_itself_shows_where() -> None:
    model = shop('[[constraints]]\nrule = "card & !card"')
    configured = in_conflict(model, selection(mail=True))
    assert named(configured, State.CONFLICTING) == {"card"}
    assert configured.broken == (model.constraints[2],)
    assert configured.states.keys() == {"card"}


def test_a_value_that_a_constraint_forbids_is_shown_with_it() -> None:
    model = shop()
    configured = in_conflict(model, selection(fuzzy=True, page_size=90, mail=True))
    assert named(configured, State.CONFLICTING) == {"fuzzy", "page_size"}
    assert configured.broken == (model.constraints[0],)
    assert configured.states["mail"] is State.CHOSEN
    assert configured.values == {"page_size": 90}
