"""Merchants: who sells, and how they trade."""

from dingdan.areas import merchants
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, put
from dingdan.surfaces.shared.wire import (
    Currency,
    Input,
    Page,
    PageQuery,
    Translations,
    View,
    Word,
    page_of,
    ref,
    slice_of,
)


class MerchantInput(Input, frozen=True, kw_only=True):
    """A merchant as it shall be. `policy` is the code of its return policy; settings left out have their defaults."""

    name: Translations
    zone: Word
    currency: Currency
    policy: Word = "cn_statutory"
    settings: merchants.MerchantSettings = merchants.MerchantSettings()
    active: bool = True


class MerchantView(View, frozen=True, kw_only=True):
    """A merchant."""

    id: str
    code: str
    name: dict[str, str]
    zone: str
    currency: str
    policy: str
    settings: merchants.MerchantSettings
    active: bool


@put("/v1/merchants/{code}", permission="merchant.write")
async def save(tx: Tx, code: Word, body: MerchantInput) -> MerchantView:
    """Add a merchant, or change the one with this code.

    A merchant's own key changes that merchant only.
    """
    return _view(
        await merchants.save(
            tx,
            merchants.SaveMerchant(
                code=code, name=body.name, zone=body.zone, currency=body.currency, policy=body.policy,
                settings=body.settings, active=body.active,
            ),
        )
    )  # fmt: skip


@get("/v1/merchants", permission="merchant.read")
async def listed(tx: Tx, query: PageQuery) -> Page[MerchantView]:
    """Merchants within reach, oldest first."""
    asked = slice_of(query)
    return page_of(asked, await merchants.listed(tx, asked.with_one_more), _view)


@get("/v1/merchants/{code}", permission="merchant.read")
async def show(tx: Tx, code: Word) -> MerchantView:
    """One merchant, by code or id."""
    return _view(await scope.merchant_meant(tx, code, "path.code"))


def _view(merchant: merchants.Merchant) -> MerchantView:
    return MerchantView(
        id=ref("merchant", merchant.id), code=merchant.code, name=merchant.name, zone=merchant.zone,
        currency=merchant.currency, policy=merchant.policy, settings=merchant.settings, active=merchant.active,
    )  # fmt: skip


ROUTES = [save, listed, show]
