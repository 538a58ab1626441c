"""Searches that are kept, and which change was a record's last."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column('record', sa.Column('change_id', sa.Integer(), nullable=False, server_default='0'))
    op.create_index(op.f('ix_record_change_id'), 'record', ['change_id'], unique=False)
    op.create_index(op.f('ix_record_changed_at'), 'record', ['changed_at'], unique=False)

    op.create_table('search_record',
    sa.Column('search_record_id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('read_as', sa.Text(), nullable=False),
    sa.Column('reading', sa.Text(), nullable=False),
    sa.Column('notices', sa.JSON(), nullable=False),
    sa.Column('labels', sa.JSON(), nullable=False),
    sa.Column('change_id', sa.Integer(), nullable=False),
    sa.Column('last_record_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('software', sa.Text(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('record_ids', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('search_record_id'),
    sa.UniqueConstraint('fingerprint'),
    sa.UniqueConstraint('public_id')
    )
    op.create_index(op.f('ix_search_record_at'), 'search_record', ['at'], unique=False)

    op.create_table('saved_search',
    sa.Column('saved_search_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.Column('asked', sa.JSON(), nullable=False),
    sa.Column('seen_change_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.account_id'], ),
    sa.PrimaryKeyConstraint('saved_search_id')
    )
    op.create_index(op.f('ix_saved_search_account_id'), 'saved_search', ['account_id'], unique=False)


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.drop_table('saved_search')
    op.drop_table('search_record')
    op.drop_index(op.f('ix_record_changed_at'), 'record')
    op.drop_index(op.f('ix_record_change_id'), 'record')
    # Not by a copy of the table, which others refer to.
    op.execute('ALTER TABLE record DROP COLUMN change_id')
