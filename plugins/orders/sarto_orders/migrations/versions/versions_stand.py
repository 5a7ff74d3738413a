"""What an order was is never changed: the database itself refuses it."""

from __future__ import annotations

from alembic import op

revision = "2"
down_revision = "1"

REFUSAL = "the history of an order is never changed"
SQLITE = """
CREATE TRIGGER versions_stand_{event} BEFORE {event} ON versions
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""
POSTGRESQL = (
    """
CREATE FUNCTION versions_stand() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION '{refusal}'; END $$
""",
    """
CREATE TRIGGER versions_stand BEFORE UPDATE OR DELETE OR TRUNCATE ON versions
FOR EACH STATEMENT EXECUTE FUNCTION versions_stand()
""",
)


def upgrade() -> None:
    """Make the triggers."""
    if op.get_bind().dialect.name == "sqlite":
        statements = [SQLITE.format(event=event, refusal=REFUSAL) for event in ("UPDATE", "DELETE")]
    else:
        statements = [statement.format(refusal=REFUSAL) for statement in POSTGRESQL]
    for statement in statements:
        op.execute(statement)
