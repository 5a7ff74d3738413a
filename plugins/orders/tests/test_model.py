"""Several users do this and that with a book, each with what they saw of it last: held against a plain model of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sarto.errors import SartoError
from sarto.order_book import BookedOrder, NoSuchOrder, NotAllowed, OrderState, Role, StaleOrder, User

from .conftest import empty
from .postgresql import Server
from .stage import ACME, BOLT, VENDOR, Stage

USERS = (VENDOR, User("victor", Role.VENDOR), ACME, User("amal", Role.CUSTOMER, "Acme"), BOLT)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
ALLOWED = {
    ("configuring", "quoted"): "v", ("quoted", "configuring"): "vc", ("quoted", "quoted"): "v",
    ("quoted", "approved"): "vc", ("approved", "configuring"): "v", ("approved", "built"): "v",
    ("built", "delivered"): "v", ("delivered", "upgraded"): "v", ("upgraded", "delivered"): "v",
    ("upgraded", "upgraded"): "v",
}  # fmt: skip
"""What may follow what, by a vendor or a customer: said once more, and not taken from the code."""
ONWARD = dict(pairwise(OrderState)) | {OrderState.UPGRADED: OrderState.DELIVERED}


@dataclass
class Kept:
    """An order of the model: all its versions."""

    customer: str
    versions: list[dict[str, str]] = field(default_factory=list)

    @property
    def now(self) -> dict[str, str]:
        return self.versions[-1]


def _may_see(user: User, kept: Kept) -> bool:
    return user.role is Role.VENDOR or user.customer == kept.customer


Seen = BookedOrder | MultipleResults[Any]


class Users(RuleBasedStateMachine):
    """What they do; ``begin`` opens an empty book."""

    seen: Bundle[Any] = Bundle("seen")

    def __init__(self, begin: Callable[[], Stage]) -> None:
        super().__init__()
        self.stage = begin()
        self.kept: dict[str, Kept] = {}

    def teardown(self) -> None:
        self._check_histories()
        self.stage.book.close()

    @rule(target=seen, user=st.sampled_from(USERS), customer=st.sampled_from(["Acme", "Bolt"]), selection=TEXTS)
    def create(self, user: User, customer: str, selection: str) -> Seen:
        if user.role is Role.CUSTOMER and user.customer != customer:
            with pytest.raises(NotAllowed):
                self.stage.book.create(user, customer=customer, line="shop", selection=selection)
            return multiple()
        made = self.stage.book.create(user, customer=customer, line="shop", selection=selection)
        first = {"state": "configuring", "selection": selection, "quote": "", "lock": "", "build": ""}
        self.kept[made.id] = Kept(customer, [{**first, "user": user.name}])
        return made

    @rule(target=seen, user=st.sampled_from(USERS), order=seen)
    def look(self, user: User, order: BookedOrder) -> Seen:
        return self._try(user, order, lambda: self.stage.book.order(user, order.id), lambda _: None)

    @rule(target=seen, user=st.sampled_from(USERS), order=seen, is_fresh=st.booleans(), selection=TEXTS)
    def save(self, user: User, order: BookedOrder, is_fresh: bool, selection: str) -> Seen:
        order = self.stage.book.order(VENDOR, order.id) if is_fresh else order

        def change(now: dict[str, str]) -> dict[str, str] | str:
            if now["state"] not in ("configuring", "quoted"):
                return "frozen"
            return now | {"state": "configuring", "selection": selection, "quote": ""}

        return self._try(
            user, order, lambda: self.stage.book.save(user, order.id, order.version, selection=selection), change
        )

    @rule(target=seen, order=seen, text=TEXTS.filter(bool))
    def go_on(self, order: BookedOrder, text: str) -> Seen:
        """The next step, by somebody who may and who has looked: so that orders come far enough."""
        order = self.stage.book.order(VENDOR, order.id)
        return self.advance_to(VENDOR, order, ONWARD[order.state], "exactly", text)

    @rule(
        target=seen, user=st.sampled_from(USERS), order=seen, is_fresh=st.booleans(), to=st.sampled_from(OrderState),
        brought=st.sampled_from(["exactly", "exactly", "exactly", "nothing", "everything"]), text=TEXTS.filter(bool),
    )  # fmt: skip
    def advance(self, user: User, order: BookedOrder, is_fresh: bool, to: OrderState, brought: str, text: str) -> Seen:
        order = self.stage.book.order(VENDOR, order.id) if is_fresh else order
        return self.advance_to(user, order, to, brought, text)

    def advance_to(self, user: User, order: BookedOrder, to: OrderState, brought: str, text: str) -> Seen:
        needed = {"quoted": ["quote"], "built": ["lock", "build"], "upgraded": ["lock", "build"]}.get(to, [])
        names = {"exactly": needed, "nothing": [], "everything": ["quote", "lock", "build", "selection"]}[brought]
        given = dict.fromkeys(names, text)

        def change(now: dict[str, str]) -> dict[str, str] | str:
            if user.role.value[0] not in ALLOWED.get((now["state"], to.value), ""):
                return "step"
            if brought == "everything" or (needed and brought == "nothing"):
                return "brought"
            return now | {"state": to.value} | given | ({"quote": ""} if to == "configuring" else {})

        return self._try(
            user, order, lambda: self.stage.book.advance(user, order.id, order.version, to, **given), change
        )

    def _try(
        self, user: User, order: BookedOrder, attempt: Callable[[], BookedOrder],
        change: Callable[[dict[str, str]], dict[str, str] | str | None],
    ) -> Seen:  # fmt: skip
        """Attempt it, and expect of the book what the model says, whatever that is."""
        kept = self.kept[order.id]
        changed = change(kept.now)
        refusal = self._refusal(user, order, kept, changed)
        if refusal is not None:
            with pytest.raises(refusal) as caught:
                attempt()
            return caught.value.current if isinstance(caught.value, StaleOrder) else multiple()
        after = attempt()
        if isinstance(changed, dict):
            kept.versions.append({**changed, "user": user.name})
        assert (after.version, after.selection, after.state.value) == (
            len(kept.versions), kept.now["selection"], kept.now["state"],
        )  # fmt: skip
        return after

    @staticmethod
    def _refusal(user: User, order: BookedOrder, kept: Kept, changed: object) -> type[SartoError] | None:
        if not _may_see(user, kept):
            return NoSuchOrder
        if changed is None:
            return None
        if order.version != len(kept.versions):
            return StaleOrder
        return NotAllowed if isinstance(changed, str) else None

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        for user in (VENDOR, BOLT):
            found = {order.id: order for order in self.stage.book.orders(user)}
            assert found.keys() == {id for id, kept in self.kept.items() if _may_see(user, kept)}
            for id, order in found.items():
                for name in ("selection", "quote", "lock", "build", "state"):
                    assert str(getattr(order, name)) == self.kept[id].now[name]

    def _check_histories(self) -> None:
        for id, kept in self.kept.items():
            content = dict.fromkeys(("selection", "quote", "lock", "build"), "")
            told = self.stage.book.history(VENDOR, id)
            for entry, version in zip(told, kept.versions, strict=True):
                assert json.loads(entry.before).items() <= content.items()
                content |= json.loads(entry.after)
                assert {**content, "user": entry.user} == version


@pytest.fixture(params=["sqlite", "postgresql"])
def begin(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Stage]:
    """Opens an empty book, each time it is called."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")

        def again() -> Stage:
            empty(server)
            return Stage(server.url("book"))

        return again
    file: Path = request.getfixturevalue("file")
    numbers = count(1)

    def another() -> Stage:
        copy = shutil.copy(file, tmp_path / f"{next(numbers)}.db")
        return Stage(f"sqlite:///{copy}")

    return another


def test_a_book_is_as_its_model_says_whatever_users_do(begin: Callable[[], Stage]) -> None:
    moderate = settings(
        max_examples=8, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    here = type("UsersHere", (Users,), {"__init__": lambda self: Users.__init__(self, begin)})
    run_state_machine_as_test(here, settings=moderate)
