"""Evidence by order."""

from sqlalchemy import BigInteger as Big
from sqlalchemy import CheckConstraint, Column, Index, Table

from dingdan.plumbing.schema import count, key, metadata, moment, one_of, ref, refs, word

# Never changed. The files lie in the data folder, under their own hash.
evidence = Table(
    "evidence", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id"),
    ref("buyer_id"),
    word("sort"),
    word("shot"),
    word("sha256"),
    count("size"),
    count("width"),
    count("height"),
    # 64 marks of light and dark, by which copies of one picture know each other; NULL for plain pictures and videos.
    Column("likeness", Big),
    refs("like"),
    word("brought_by_kind"),
    ref("brought_by", nullable=True),
    moment("at"),
    one_of("sort", ("photo", "video")),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND size > 0", name="is_whole"),
    CheckConstraint("sort = 'video' OR width > 0 AND height > 0", name="photo_has_size"),
    Index("uq_evidence_order_id_sha256", "order_id", "sha256", unique=True),
    Index("ix_evidence_sha256", "sha256"),
    Index("ix_evidence_merchant_id", "merchant_id", "id"),
    Index("ix_evidence_buyer_id", "buyer_id", "at"),
)  # fmt: skip
