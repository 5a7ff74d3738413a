"""What may follow what in an order's life, and by whom."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime
from itertools import pairwise

from sarto.order_book import STEPS, BookedOrder, OrderState, Role, StaleOrder, can_be_saved, next_states

CONFIGURING, QUOTED, APPROVED, BUILT, DELIVERED, UPGRADED = OrderState


def test_an_order_goes_from_wish_to_delivery_and_on() -> None:
    way = [CONFIGURING, QUOTED, APPROVED, BUILT, DELIVERED, UPGRADED, DELIVERED]
    assert all(after in STEPS[before] for before, after in pairwise(way))


def test_no_other_step_leads_past_a_quote_or_an_approval() -> None:
    assert {before for before in OrderState if BUILT in STEPS[before]} == {APPROVED}
    assert {before for before in OrderState if APPROVED in STEPS[before]} == {QUOTED}
    assert {before for before in OrderState if CONFIGURING in STEPS[before]} == {QUOTED, APPROVED}


def test_a_customer_approves_a_quote_or_gives_it_up_and_does_nothing_else() -> None:
    found = {state: next_states(state, Role.CUSTOMER) for state in OrderState if next_states(state, Role.CUSTOMER)}
    assert found == {QUOTED: (CONFIGURING, APPROVED)}


def test_a_vendor_may_do_whatever_a_customer_may() -> None:
    for state in OrderState:
        assert set(next_states(state, Role.CUSTOMER)) <= set(next_states(state, Role.VENDOR))


def test_a_selection_is_frozen_once_it_is_approved() -> None:
    assert [state for state in OrderState if can_be_saved(state)] == [CONFIGURING, QUOTED]


def test_a_stale_order_says_both_versions_also_to_another_process() -> None:
    now = datetime(2026, 11, 29, tzinfo=UTC)
    order = BookedOrder(
        id="x", number=7, customer="Acme", line="shop", state=QUOTED, version=4, selection="", created=now, changed=now
    )
    error = pickle.loads(pickle.dumps(StaleOrder(order, 2)))
    assert error.current == order
    assert str(error) == (
        "order 7 has been changed since version 2: it is at version 4\n"
        "  hint: look at it again, then say the new version"
    )
