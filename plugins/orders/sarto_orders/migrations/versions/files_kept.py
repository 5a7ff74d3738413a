"""The files of orders, such as logos: each content once, and what each version of an order has of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"

REFUSAL = "what an order book keeps is never changed"
SQLITE = """
CREATE TRIGGER files_stand_{event} BEFORE {event} ON files
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
POSTGRESQL = """
CREATE TRIGGER files_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON files
FOR EACH STATEMENT EXECUTE FUNCTION versions_stand()
"""


def upgrade() -> None:
    """Make the table, and say of the versions that there are that they have none."""
    op.create_table(
        "files",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.add_column("versions", sa.Column("files", sa.Text, nullable=False, server_default=""))
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(event=event, refusal=REFUSAL))
    else:
        op.execute(POSTGRESQL)
