"""${message}."""

import sqlalchemy as sa
from alembic import op

import archive.catalogue.models
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take them back."""
    ${downgrades if downgrades else "pass"}
