"""What is in a room, as values: decisions with their way back, comments, proposals, approvals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sarto.model.expression import Value

from .who import Role

__all__ = ["Comment", "Decided", "Outcome", "Proposal", "Room", "Said"]


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: what was said of a feature, by whom, and when (ISO 8601, UTC)."""

    feature: str
    value: Value
    by: str
    role: Role
    at: str


@dataclass(frozen=True, slots=True)
class Said:
    """All that a selection will say: the decisions in their order, and the features left to the end user."""

    decisions: tuple[Decided, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def wishes(self) -> dict[str, Value]:
        """The decisions as a selection has them."""
        return {each.feature: each.value for each in self.decisions}

    def decided(self, *decisions: Decided) -> Said:
        """With further decisions, each in place of an earlier one on its feature."""
        names = {each.feature for each in decisions}
        kept = tuple(each for each in self.decisions if each.feature not in names)
        return Said((*kept, *decisions), tuple(name for name in self.open if name not in names))

    def without(self, *features: str) -> Said:
        """Without what was said of these features."""
        return Said(
            tuple(each for each in self.decisions if each.feature not in features),
            tuple(name for name in self.open if name not in features),
        )

    def left_open(self, feature: str) -> Said:
        """With the feature left to the end user."""
        rest = self.without(feature)
        return Said(rest.decisions, (*rest.open, feature))

    def says(self, decided: Decided) -> bool:
        """Whether the same is decided here, by whomever."""
        value = self.wishes.get(decided.feature)
        return type(value) is type(decided.value) and value == decided.value

    def as_told_by(self, earlier: Said) -> Said:
        """The same, each decision that stood there ``earlier`` as it was made then."""
        made = {each.feature: each for each in earlier.decisions if self.says(each)}
        return Said(tuple(made.get(each.feature, each) for each in self.decisions), self.open)

    def differing(self, other: Said) -> set[str]:
        """The features of which the two do not say the same."""
        names = {*self.wishes, *self.open, *other.wishes, *other.open}
        return {name for name in names if self._of(name) != other._of(name)}

    def _of(self, feature: str) -> tuple[object, ...]:
        value = self.wishes.get(feature)
        return type(value), value, feature in self.open


@dataclass(frozen=True, slots=True)
class Comment:
    """A remark, of a feature or, with "", of the whole."""

    id: str
    text: str
    feature: str
    by: str
    role: Role
    at: str


class Outcome(StrEnum):
    """What became of a proposal."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that somebody proposes to those who may make it."""

    id: str
    feature: str
    value: Value
    text: str
    by: str
    role: Role
    at: str
    outcome: Outcome = Outcome.PENDING
    closed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One configuring session. ``version`` rises with every change of what is said or approved.

    ``past`` and ``future`` are what undoing and redoing lead to, the nearest last. ``began`` is the text of the
    selection with which it began. ``order`` is the order in the book into which the room saves, at ``order_version``;
    ``elsewhere`` has last changed it outside of the room, which was at ``elsewhere_version`` then.
    """

    id: str
    customer: str = ""
    created: str = ""
    version: int = 1
    said: Said = Said()
    past: tuple[Said, ...] = ()
    future: tuple[Said, ...] = ()
    comments: tuple[Comment, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    approved: tuple[Role, ...] = ()
    began: str = ""
    order: str = ""
    order_version: int = 0
    elsewhere: str = ""
    elsewhere_version: int = 0

    def saying(self, said: Said, most: int) -> Room:
        """The room after something else is said; at most so many steps are kept to go back. Approvals are void."""
        past = (*self.past, self.said)[-most:]
        return replace(self, version=self.version + 1, said=said, past=past, future=(), approved=())

    def undone(self) -> Room:
        """The room a step back; there must be one."""
        future = (*self.future, self.said)
        return replace(
            self, version=self.version + 1, said=self.past[-1], past=self.past[:-1], future=future, approved=()
        )

    def redone(self) -> Room:
        """The room with the last step that was undone; there must be one."""
        past = (*self.past, self.said)
        return replace(
            self, version=self.version + 1, said=self.future[-1], past=past, future=self.future[:-1], approved=()
        )

    def approving(self, role: Role) -> Room:
        """The room with one more approval; whoever is alone gives both."""
        roles = (Role.VENDOR, Role.CUSTOMER) if role is Role.BOTH else (role,)
        return replace(self, version=self.version + 1, approved=tuple(dict.fromkeys([*self.approved, *roles])))
