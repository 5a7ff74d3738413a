"""What plugins hand to Sarto: named, typed results of its hooks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SartoError
from ..model.quote_language import QuoteLanguage

if TYPE_CHECKING:
    from ..derive.extraction import Opened
    from ..derive.packed import Packed
    from ..derive.plan import Plan
    from ..derive.signature import SigningKey, VerifyingKey
    from ..derive.verify import VerifyReport
    from ..model.facts import KnownCustomer
    from ..model.feature_model import FeatureModel
    from ..model.price_rules import Prices
    from ..model.prices import Offer
    from ..order_book import OrderBook
    from ..solve.counting import ClauseCounter
    from ..solve.problem import Solve

__all__ = [
    "BuildFormat", "Counter", "Executor", "FactSource", "ModelFormat", "ModelReading", "Optimiser", "OrderBooks",
    "QuoteFormat", "QuoteLanguage", "Signer",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ModelReading:
    """A feature model as it was read, with what was tolerated on the way.

    ``beyond`` names what the file says beside the model, and no feature model has a place for; of that, ``prices`` are
    what the products cost.
    """

    model: FeatureModel
    warnings: tuple[SartoError, ...] = field(default=())
    beyond: tuple[str, ...] = ()
    prices: Prices | None = None


def _cannot_write(_model: FeatureModel) -> str:
    raise SartoError("this format can only be read")


def _nothing(_model: FeatureModel) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFormat:
    """A file format of feature models.

    A file has it by its suffix; one whose suffix no format has, by its name, which ``file_names`` may give as
    patterns (``Kconfig.*``).
    ``read(path, strict)`` reads the file (and those it imports) and raises :class:`SartoError` with
    places; where ``strict`` is false it may tolerate faults of published files with a warning.
    ``write(model)`` gives the text of a file, and raises :class:`SartoError` listing everything without
    which its configurations would be others, and that the format cannot express. What else is not in that
    text, or not as what it was, ``leaves_out(model)`` says, each in words: "the attributes of 2 features: price".
    """

    name: str
    suffixes: tuple[str, ...]
    file_names: tuple[str, ...] = ()
    read: Callable[[Path, bool], ModelReading]
    write: Callable[[FeatureModel], str] = _cannot_write
    leaves_out: Callable[[FeatureModel], Sequence[str]] = _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildFormat:
    """A form in which a build is handed out.

    ``pack(plan, bundle, output)`` turns ``bundle``, the finished folder of the build, into a file or folder
    in the empty folder ``output`` and returns its path, a :class:`~sarto.derive.packed.Packed` where it knows what of
    a folder is not on the disk yet, or ``bundle`` itself where the folder is what is handed out; the caller
    publishes it with a rename. ``bundle`` is only read. A format that takes the parts from where ``plan.parts`` says
    needs no folder: ``pack_files(plan, files, output)`` does the same from all other ``files`` of the build, by their
    paths, and is called in place of ``pack``. ``starts`` says whether the product can be started from it as it is.
    Where its folders hold other files than a bundle's, their ``build.json`` has the format's name as ``form``, and
    ``verify(folder)`` says for ``sarto verify`` what is wrong with one.
    ``unpack(file, folder)`` takes a file that ``pack`` made, with a name that ends in a dot and ``name``, apart again
    in the empty folder ``folder`` and returns the bundle, with what is wrong around it, so that it can be verified;
    None where ``pack`` makes a folder. It trusts nothing in the file, and raises :class:`SartoError` where it is none.
    """

    name: str
    summary: str
    pack: Callable[[Plan, Path, Path], Path | Packed]
    starts: bool = True
    verify: Callable[[Path], VerifyReport] | None = None
    unpack: Callable[[Path, Path], Opened] | None = None
    pack_files: Callable[[Plan, Mapping[str, bytes], Path], Path | Packed] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Something that counts the solutions of formulas that are hard to count.

    ``count(clauses, size, counted, seconds)`` gives the exact number of solutions of clauses over the variables
    1..``size``, or None where it is not found in so many seconds. Literals are signed, as in DIMACS.
    Solutions that agree on the variables ``counted`` are one; where it is None all variables are meant.
    """

    name: str
    count: ClauseCounter


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimiser:
    """Something that decides arithmetic and finds the best solutions.

    ``solve(problem, seconds)`` gives an :class:`~sarto.solve.problem.Answer` to a
    :class:`~sarto.solve.problem.Problem` in at most so many seconds: proved to be the best, or found with a
    bound, or proved impossible, or unknown. Where time does not run out, the same problem gives the same answer.
    """

    name: str
    solve: Solve


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Something that signs builds and checks signatures.

    ``private(file)`` opens a private key as a :class:`~sarto.derive.signature.SigningKey`, and may ask for its
    passphrase; ``public(file)`` opens a public one as a :class:`~sarto.derive.signature.VerifyingKey`. Both raise
    :class:`SartoError` where the file is none. Signing the same bytes with the same key gives the same signature.
    """

    name: str
    private: Callable[[Path], SigningKey]
    public: Callable[[Path], VerifyingKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Executor:
    """Other machines that do work for this one.

    ``run(address, work, given)`` gives what ``work`` makes of each of the ``given``, in their order; the ``address`` is
    such as ``dask://host:port``, its scheme the executor's ``name``. ``work`` is a function of a module, or a partial
    of one, and is called at least once for each, somewhere else, where Sarto and the same plugins are installed and the
    same files are at the same paths. It has to be harmless to call it again, for a machine may fail in the middle.
    Arguments and results can be pickled. Raises :class:`SartoError` where nobody answers at the address.
    """

    name: str
    run: Callable[[str, Callable[[Any], Any], Sequence[Any]], Iterator[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteFormat:
    """A form in which a quote is handed to a customer.

    ``render(offer)`` gives the content of a file of the ``media_type``, whose name ends in a dot and ``name``, or in
    one of the ``suffixes``, in the offer's language. The same offer gives the same bytes. Every text of an offer may be
    somebody else's: what has a meaning in the format has to be escaped.
    """

    name: str
    media_type: str
    render: Callable[[Offer], bytes]
    suffixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSource:
    """Where facts about customers come from.

    A source reads what an address of one of its ``schemes`` names (``sqlite`` in ``sqlite:///crm.db``; what stands
    behind a ``+`` in the scheme is its own), or files that end in one of its ``suffixes``. ``read(address, query)``
    gives each customer once as a :class:`~sarto.model.facts.KnownCustomer`; ``query`` is empty where nobody gave one.
    It only reads. Raises :class:`SartoError` where it cannot, without any password that the address may have in it.
    """

    name: str
    schemes: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()
    read: Callable[[str, str], Iterable[KnownCustomer]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBooks:
    """A kind of order books (see :mod:`sarto.order_book`).

    ``open(url)`` opens the book at a URL whose scheme is one of the ``schemes``, whatever stands behind a ``+`` in it.
    It raises :class:`SartoError` where there is no book, or one that has to be migrated first.
    """

    name: str
    schemes: tuple[str, ...]
    open: Callable[[str], OrderBook]
