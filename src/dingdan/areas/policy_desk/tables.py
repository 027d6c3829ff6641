"""Back-tests of policies: what was judged anew, how far it has come, and what it came to."""

from sqlalchemy import CheckConstraint, Index, Table

from dingdan.plumbing.schema import amount, document, key, metadata, moment, ref, word

policy_backtests = Table(
    "policy_backtests", metadata,
    key(),
    ref("merchant_id"),
    ref("policy_id"),
    # What was judged: the hash of the document as it stood, and the document itself where it was a draft.
    word("hash"),
    document("document"),
    moment("since"),
    moment("until"),
    # What the way back of one parcel costs, in minor units; and the currency of all amounts.
    amount("way_back"),
    word("currency"),
    # The last return that was counted, and what all of them came to so far.
    ref("counted_to"),
    document("sums"),
    moment("requested_at"),
    ref("requested_by", nullable=True),
    moment("done_at", nullable=True),
    CheckConstraint("since < until AND way_back >= 0", name="span_fits"),
    Index("ix_policy_backtests_merchant_id", "merchant_id", "id"),
    Index("ix_policy_backtests_policy_id", "policy_id", "id"),
)  # fmt: skip
