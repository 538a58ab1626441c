"""Sketches of texts, by which copies are found, and links between translations."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables to this version."""
    op.create_table('sketch',
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.Column('minima', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['record.record_id'], ),
    sa.PrimaryKeyConstraint('record_id')
    )
    with op.batch_alter_table('sketch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sketch_digest'), ['digest'], unique=False)

    op.create_table('sketch_band',
    sa.Column('band_hash', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['record_id'], ['record.record_id'], ),
    sa.PrimaryKeyConstraint('band_hash', 'record_id'),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_sketch_band_record_id'), 'sketch_band', ['record_id'], unique=False)

    op.create_table('translation',
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['one_id'], ['record.record_id'], ),
    sa.ForeignKeyConstraint(['other_id'], ['record.record_id'], ),
    sa.PrimaryKeyConstraint('one_id', 'other_id')
    )
    with op.batch_alter_table('translation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_translation_other_id'), ['other_id'], unique=False)


def downgrade() -> None:
    """Bring the tables back to the version before."""
    op.drop_table('translation')
    op.drop_table('sketch_band')
    op.drop_table('sketch')
