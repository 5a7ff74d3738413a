"""The files with facts that Sarto itself reads: TOML, a file or a folder of them, and CSV."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from ..errors import Place, SartoError
from ..model.csv_facts import read_csv_facts
from ..model.facts import CUSTOMER, KnownCustomer, customer_fault, read_facts
from .reading import read_found, read_text
from .types import FactSource

__all__ = ["LARGEST_CSV", "read_csv_file", "read_toml_facts", "source_of"]

LARGEST_CSV = 64 * 2**20
"""The bytes of the largest CSV that is read: some ten times as much memory, for a million customers."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_toml_facts(address: str, query: str = "") -> Iterator[KnownCustomer]:
    """The customer of a TOML file, or those of the files in a folder, by their names.

    The name is the fact ``customer``, else that of the file. Raises SartoError.
    """
    path = Path(address)
    _refuse_query(address, query)
    if not path.is_dir():
        yield _of_file(path, read_text(path))
        return
    files = sorted(path.glob("*.toml"))
    if not files:
        raise SartoError("there are no files with facts in this folder", where=address, hint="they end in .toml")
    yield from (_of_file(file, read_found(file)) for file in files)


def source_of(address: str, sources: Iterable[FactSource]) -> FactSource | SartoError:
    """What reads facts at an address, by its scheme, or in a file by its suffix or a folder; or what to say of that."""
    scheme, is_address, _ = address.partition("://")
    suffix = ".toml" if Path(address).is_dir() else Path(address).suffix.lower()
    known: list[str] = []
    for source in sources:
        found, key = (source.schemes, scheme.partition("+")[0]) if is_address else (source.suffixes, suffix)
        if key in found:
            return source
        known += found
    hint = f"what is known: {', '.join(known) or 'nothing'}"
    if is_address:
        return SartoError(f"no plugin reads facts from '{scheme}://…'", hint=f"{hint}; sarto-facts reads databases")
    return SartoError("no plugin reads facts from such a file", where=address, hint=hint)


def _of_file(path: Path, text: str) -> KnownCustomer:
    facts = read_facts(text, str(path))
    name = str(facts.get(CUSTOMER) or path.stem)
    if what := customer_fault(name):
        raise SartoError(what, where=Place(str(path), CUSTOMER))
    return KnownCustomer(name, facts, Place(str(path)))


def read_csv_file(address: str, query: str = "") -> Iterator[KnownCustomer]:
    """The customers of a CSV file in UTF-8, or in UTF-16 with its mark, as spreadsheets write it. Raises SartoError."""
    path = Path(address)
    _refuse_query(address, query)
    read = 0

    def counted(lines: TextIO) -> Iterator[str]:
        nonlocal read
        for line in lines:
            read += 1
            yield line

    try:
        size = path.stat().st_size
        if size > LARGEST_CSV:
            what = f"this file has {size / 2**20:,.0f} MB, and Sarto reads CSV of no more than {LARGEST_CSV // 2**20}"
            raise SartoError(what, where=Place(address), hint="part it, or leave out columns that no rule asks for")
        with path.open(encoding=_encoding(path), newline="") as lines:
            return read_csv_facts(counted(lines), address, path.stem)
    except FileNotFoundError:
        raise SartoError("there is no such file", where=Place(address)) from None
    except UnicodeDecodeError as error:
        what = f"this is not UTF-8 text: behind line {read}, {error.object[error.start]:#04x} is no letter of it"
        raise SartoError(what, where=Place(address), hint='save it as "CSV UTF-8"') from None
    except UnicodeError as error:
        raise SartoError(f"this is no text: {error}", where=Place(address), hint='save it as "CSV UTF-8"') from None
    except OSError as error:
        raise SartoError(f"this file cannot be read: {error.strerror}", where=Place(address)) from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")


def _refuse_query(address: str, query: str) -> None:
    if query:
        hint = "a query is put to a database: sqlite:///customers.db"
        raise SartoError("there is nothing to put a query to", where=address, hint=hint)
