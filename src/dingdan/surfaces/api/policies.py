"""Return policies: published as documents, each version for ever."""

from datetime import datetime

from dingdan.areas import policies
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    MerchantRef,
    OfMerchant,
    Page,
    PageQuery,
    View,
    Word,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class PolicyRow(View, frozen=True, kw_only=True):
    """A version of a policy as a list shows it; `merchant` is null for a pack that is open to everybody."""

    id: str
    merchant: str | None
    code: str
    version: str
    hash: str
    effective_from: datetime


class PolicyView(View, frozen=True, kw_only=True):
    """A version of a policy; orders placed under it carry its hash."""

    id: str
    merchant: str | None
    code: str
    version: str
    hash: str
    effective_from: datetime
    document: policies.PolicyDocument


class PolicyQuery(PageQuery, frozen=True, kw_only=True):
    """Whose policies."""

    merchant: MerchantRef | None = None


@put("/v1/policies/{code}/{version}", permission="policy.write")
async def publish(tx: Tx, code: Word, version: Word, body: policies.PolicyDocument, query: OfMerchant) -> PolicyView:
    """Publish a version of a policy; what was published is never changed.

    A platform key that names no merchant publishes for everybody.
    """
    if body.id != code:
        raise Malformed("id", what=f"the address says {code}", what_zh=f"与地址中的 {code} 不一致")
    if body.version != version:
        raise Malformed("version", what=f"the address says {version}", what_zh=f"与地址中的 {version} 不一致")
    return _view(await policies.publish(tx, await scope.merchant_filter(tx, query.merchant), body))


@get("/v1/policies", permission="policy.read")
async def listed(tx: Tx, query: PolicyQuery) -> Page[PolicyRow]:
    """Versions that a merchant may use, its own and those open to everybody, oldest first."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    return page_of(asked, await policies.listed(tx, merchant_id, asked.with_one_more), _row)


@get("/v1/policies/{policy_id}", permission="policy.read")
async def show(tx: Tx, policy_id: int) -> PolicyView:
    """One version with its document."""
    return _view((await policies.by_ids(tx, [policy_id]))[policy_id])


def _row(one: policies.Policy) -> PolicyRow:
    return PolicyRow(
        id=ref("policy", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code,
        version=one.version, hash=one.hash, effective_from=one.effective_from,
    )  # fmt: skip


def _view(one: policies.Policy) -> PolicyView:
    return PolicyView(
        id=ref("policy", one.id), merchant=ref_or_none("merchant", one.merchant_id), code=one.code,
        version=one.version, hash=one.hash, effective_from=one.effective_from, document=one.document,
    )  # fmt: skip


ROUTES = [publish, listed, show]
