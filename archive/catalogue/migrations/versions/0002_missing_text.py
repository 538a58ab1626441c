"""Which pages have no text, and how sure OCR was."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column('item', sa.Column('gaps', sa.JSON(), nullable=False, server_default='[]'))
    op.add_column('item', sa.Column('to_recognise', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('item', sa.Column('recognised_by', sa.Text(), nullable=False, server_default=''))
    op.add_column('page', sa.Column('confidence', sa.Integer(), nullable=True))
    # Pictures that were taken in before are still to be recognised; of other files a new
    # reading (muniment reread) finds the pages.
    op.execute("UPDATE item SET gaps = '[[1, \"picture\"]]', to_recognise = 1 WHERE status = 'needs_ocr'")


def downgrade() -> None:
    """Take them back."""
    # Not by a copy of the table, which others refer to.
    for table, column in (
        ('page', 'confidence'), ('item', 'recognised_by'), ('item', 'to_recognise'), ('item', 'gaps'),
    ):
        op.execute(f'ALTER TABLE {table} DROP COLUMN {column}')
