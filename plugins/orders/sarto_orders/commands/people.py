"""``sarto orders user``: who may log in to a book."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sarto.commands import json_option, print_json, print_table
from sarto.order_book import Role

from .desk import Desk, book_options
from .telling import moment

if TYPE_CHECKING:
    from ..accounts import Account, Accounts

__all__ = ["user"]

name_argument = click.argument("name")


@click.group("user")
def user() -> None:
    """Who may log in.

    The vendor's users see all orders, a customer's those of that customer.
    """


@user.command("add")
@name_argument
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True, help="Whose user it is.")
@click.option("--customer", metavar="CUSTOMER", default="", help="The customer, as orders name it.")
@book_options
def add(name: str, role: str, customer: str, book: str | None, line: Path) -> None:
    """Add a user.

    The password is asked for twice, or is the first line of a pipe.
    """
    with _accounts(book, line) as accounts:
        accounts.check(name, Role(role), customer)
        added = accounts.add(name, _password(), Role(role), customer)
    whose = f"customer {added.customer}" if added.customer else "vendor"
    click.echo(f"added {name}, {whose}")


@user.command("list")
@book_options
@json_option
def list_users(book: str | None, line: Path, as_json: bool) -> None:
    """The users, by name."""
    with _accounts(book, line) as accounts:
        found = accounts.all()
    if as_json:
        print_json({"users": [_as_data(account) for account in found]})
    elif found:
        rows = [
            (each.user.name, str(each.user.role), each.user.customer, moment(each.created), _state(each))
            for each in found
        ]
        print_table([("NAME", "ROLE", "CUSTOMER", "ADDED", ""), *rows])
    else:
        click.echo("no users; sarto orders user add NAME --role vendor adds one")


@user.command("disable")
@name_argument
@book_options
def disable(name: str, book: str | None, line: Path) -> None:
    """Let a user log in no more; their sessions end at once."""
    with _accounts(book, line) as accounts:
        accounts.disable(name)
    click.echo(f"{name} is disabled")


@user.command("enable")
@name_argument
@book_options
def enable(name: str, book: str | None, line: Path) -> None:
    """Let a disabled user log in again."""
    with _accounts(book, line) as accounts:
        accounts.enable(name)
    click.echo(f"{name} is enabled")


@user.command("password")
@name_argument
@book_options
def password(name: str, book: str | None, line: Path) -> None:
    """Give a user another password; their sessions end at once."""
    with _accounts(book, line) as accounts:
        accounts.set_password(name, _password())
    click.echo(f"{name} has another password")


@contextmanager
def _accounts(book: str | None, line: Path) -> Iterator[Accounts]:
    with Desk.open(book, line, None) as desk:
        yield desk.book.accounts


def _password() -> str:
    """The password: never an argument, which others on the machine could see."""
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt="Once more", err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")


def _state(account: Account) -> str:
    return "disabled" if account.is_disabled else ""


def _as_data(account: Account) -> dict[str, object]:
    return {
        "name": account.user.name,
        "role": str(account.user.role),
        "customer": account.user.customer or None,
        "added": account.created.isoformat(),
        "disabled": account.is_disabled,
    }
