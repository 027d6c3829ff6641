"""Looks at goods that came back, and their pictures."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, text

from dingdan.areas.inspection.model import LookKind
from dingdan.plumbing.schema import count, document, key, metadata, moment, one_of, ref, small, word, words

# Never changed: who thinks again looks again.
looks = Table(
    "looks", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id"),
    ref("return_id"),
    word("kind"),
    document("findings"),
    # Why somebody else is to look too.
    words("reasons"),
    moment("at"),
    word("taken_by_kind"),
    ref("taken_by"),
    # The first look that this one follows, and whose it was: never the same person's.
    ref("first_id", ForeignKey("looks.id"), nullable=True),
    word("first_by_kind", nullable=True),
    ref("first_by", nullable=True),
    Column("agrees", Boolean, nullable=True),
    one_of("kind", LookKind),
    CheckConstraint("(kind = 'second') = (first_id IS NOT NULL) AND (first_id IS NULL) = (first_by IS NULL)"
                    " AND (first_id IS NULL) = (first_by_kind IS NULL) AND (first_id IS NULL) = (agrees IS NULL)",
                    name="second_follows_first"),
    CheckConstraint("first_id IS NULL OR taken_by_kind <> first_by_kind OR taken_by <> first_by", name="by_two_people"),
    Index("uq_looks_return_id_kind", "return_id", "kind", unique=True, postgresql_where=text("kind <> 'lab'")),
    Index("ix_looks_order_id", "order_id"),
)  # fmt: skip

# The files lie in the data folder, under their own hash.
inspection_pictures = Table(
    "inspection_pictures", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id"),
    ref("return_id"),
    small("line_no", default=0),
    word("shows"),
    word("sha256"),
    count("size"),
    count("width"),
    count("height"),
    word("taken_by_kind"),
    ref("taken_by", nullable=True),
    moment("at"),
    one_of("shows", ("unpacking", "deviation", "serial")),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND size > 0 AND width > 0 AND height > 0", name="is_whole"),
    Index("uq_inspection_pictures_return_id_sha256", "return_id", "sha256", unique=True),
    Index("ix_inspection_pictures_order_id", "order_id", "id"),
)  # fmt: skip
