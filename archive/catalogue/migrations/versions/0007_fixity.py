"""What comparing originals with their digests came to, and when."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table('fixity',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('checked_at', sa.DateTime(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('since', sa.DateTime(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['item.item_id'], ),
    sa.PrimaryKeyConstraint('item_id')
    )
    op.create_index(op.f('ix_fixity_checked_at'), 'fixity', ['checked_at'], unique=False)
    op.create_index(op.f('ix_fixity_outcome'), 'fixity', ['outcome'], unique=False)

    op.create_table('fixity_run',
    sa.Column('fixity_run_id', sa.Integer(), nullable=False),
    sa.Column('agent', sa.Text(), nullable=False),
    sa.Column('scheduled', sa.Boolean(), nullable=False),
    sa.Column('begun_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('after', sa.Text(), nullable=False),
    sa.Column('checked', sa.Integer(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('failed', sa.Integer(), nullable=False),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('repaired', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('fixity_run_id')
    )
    op.create_index(op.f('ix_fixity_run_begun_at'), 'fixity_run', ['begun_at'], unique=False)


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.drop_table('fixity_run')
    op.drop_table('fixity')
