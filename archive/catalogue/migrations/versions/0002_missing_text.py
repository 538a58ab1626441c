"""Which pages have no text, and how sure OCR was."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.add_column(sa.Column('gaps', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('to_recognise', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('recognised_by', sa.Text(), nullable=False, server_default=''))
    with op.batch_alter_table('page', schema=None) as batch_op:
        batch_op.add_column(sa.Column('confidence', sa.Integer(), nullable=True))
    # Pictures that were taken in before are still to be recognised; of other files a new
    # reading (muniment reread) finds the pages.
    op.execute("UPDATE item SET gaps = '[[1, \"picture\"]]', to_recognise = 1 WHERE status = 'needs_ocr'")


def downgrade() -> None:
    """Take them back."""
    with op.batch_alter_table('page', schema=None) as batch_op:
        batch_op.drop_column('confidence')
    with op.batch_alter_table('item', schema=None) as batch_op:
        batch_op.drop_column('recognised_by')
        batch_op.drop_column('to_recognise')
        batch_op.drop_column('gaps')
