"""``sarto orders``."""

import click


@click.group("orders")
def orders() -> None:
    """The order book: orders from wish to delivery."""
