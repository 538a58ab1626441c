"""Which countries the text of a record names."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column('record', sa.Column('spoken_of', sa.JSON(), nullable=False, server_default='[]'))


def downgrade() -> None:
    """Bring the tables back to the version before."""
    # Not by a copy of the table, which others refer to.
    op.execute('ALTER TABLE record DROP COLUMN spoken_of')
