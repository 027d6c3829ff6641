"""Addresses looked at through the door, before anybody orders to them."""

import pytest

from dingdan.areas import addresses, carriers
from dingdan.kernel.address import Address
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("O1.5")

ADDRESS = {
    "name": "王小明", "phone": "13812345678", "country": "CN", "province": "浙江", "city": "杭州", "district": "西湖",
    "detail": "文三路 1 号",
}  # fmt: skip


async def test_a_sound_address_comes_back_in_order(merchant: Caller) -> None:
    told = good(await merchant.post("/v1/addresses/check", json={"address": ADDRESS}, key=None))

    assert (told["is_sound"], told["flaws"], told["suggestions"], told["choices"]) == (True, [], [], {})
    assert [told["address"][part] for part in ("province", "city", "district")] == ["浙江省", "杭州市", "西湖区"]
    assert told["region"] == {"country": "CN", "code": "330106"}


async def test_flaws_come_with_suggestions_and_choices(merchant: Caller) -> None:
    body = {"address": ADDRESS | {"district": "昆山市", "phone": "138"}, "cross_border": True}
    answer = await merchant.post("/v1/addresses/check", json=body, key=None, headers={"Accept-Language": "zh"})
    told = good(answer)

    assert [(flaw["part"], flaw["code"]) for flaw in told["flaws"]] == [
        ("phone", "malformed"), ("district", "elsewhere"), ("identity.name", "missing"), ("identity.number", "missing"),
    ]  # fmt: skip
    assert told["flaws"][1]["message"] == "昆山市不在杭州市，而在江苏省苏州市。"
    assert told["suggestions"][0]["city"] == "苏州市"
    assert "钱塘区" in told["choices"]["district"]


async def test_a_pasted_line_is_read(merchant: Caller) -> None:
    told = good(
        await merchant.post("/v1/addresses/check", json={"line": "王小明 13812345678 杭州市文三路1号"}, key=None)
    )

    assert (told["address"]["name"], told["address"]["city"]) == ("王小明", "杭州市")
    assert (told["marks"], [flaw["part"] for flaw in told["flaws"]]) == (["partial"], ["district"])


@pytest.mark.parametrize("body", [{}, {"line": "x", "address": ADDRESS}])
async def test_it_is_either_an_address_or_a_line(merchant: Caller, body: dict[str, object]) -> None:
    refused(await merchant.post("/v1/addresses/check", json=body, key=None), 422, "request.malformed")


async def test_what_is_asked_is_kept_nowhere(merchant: Caller) -> None:
    identity = {"name": "王小明", "number": "110101199003070021"}
    body = {"address": ADDRESS, "cross_border": True, "identity": identity}
    answer = await merchant.post("/v1/addresses/check", json=body, key=None)

    assert [flaw["code"] for flaw in good(answer)["flaws"]] == ["malformed"]
    assert "110101199003070021" not in answer.text


async def test_every_action_that_a_flaw_offers_answers(merchant: Caller) -> None:
    address = Address(name="", phone="1", country="CN", province="浙省", city="杭洲市", district="", detail="1")
    problems = addresses.problems_of(address, cross_border=True)
    problems.append(carriers.undeliverable(carriers.NotDeliverable("no_lane", "CN", "54")))
    actions = [way.action for problem in problems for way in problem.solutions if way.action]

    assert len(actions) == len(problems)
    for action in actions:
        good(await merchant.request(action.method, action.href, json=action.body))
