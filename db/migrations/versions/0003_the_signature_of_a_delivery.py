"""Receipts know the signature of the request, so that one row tells a replay from a delivery that comes again.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipt", sa.Column("signature", sa.Text()))


def downgrade() -> None:
    op.drop_column("receipt", "signature")
