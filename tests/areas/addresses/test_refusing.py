"""Every flaw becomes a refusal with ways out, and every way out works."""

from typing import Any

import msgspec
import pytest
from tests.areas.addresses.test_places import FLAWED, at

from dingdan.areas import addresses
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Operation, Refusal

pytestmark = [pytest.mark.requirement("O1.5"), pytest.mark.requirement("O1.1")]


def patched(address: Address, patch: tuple[Operation, ...]) -> Address:
    """The address after a patch of the request that carries it as `ship_to`."""
    body: dict[str, Any] = {"ship_to": msgspec.to_builtins(address)}
    for operation in patch:
        _, outer, part = operation.path.split("/")
        body[outer][part] = operation.value
    return msgspec.convert(body["ship_to"], Address)


def told(problems: list[Refusal]) -> set[tuple[str, str]]:
    """Path and code of every problem."""
    return {(problem.path, problem.code) for problem in problems}


@pytest.mark.parametrize("written", [written for written, _, _ in FLAWED])
def test_every_patch_makes_its_problem_go_and_brings_no_new_one(written: str) -> None:
    address = at(*written.split("/"))
    problems = addresses.problems_of(address)
    ways = [(problem, way.patch) for problem in problems for way in problem.solutions if way.patch]

    for problem, patch in ways:
        left = told(addresses.problems_of(patched(address, patch)))
        assert (problem.path, problem.code) not in left
        assert left <= told(problems)


def test_every_problem_has_a_way_out_that_names_nobody() -> None:
    address = at("浙省", "杭洲市", "西胡区", "1", name="王小明", phone="138")
    problems = addresses.problems_of(address, cross_border=True)

    assert [problem.path for problem in problems if not problem.solutions] == []
    actions = [way.action for problem in problems for way in problem.solutions if way.action]
    assert {action.href for action in actions} == {"/v1/addresses/check"}
    assert "王小明" not in str(actions)


def test_the_best_way_out_comes_first() -> None:
    (problem,) = addresses.problems_of(at("浙江省", "杭州市", "昆山市"), "orders[2].ship_to")

    assert (problem.path, problem.code) == ("orders[2].ship_to.district", "address.place_elsewhere")
    first, *_ = problem.solutions
    assert first.label.filled(first.params).zh == "改为送至江苏省苏州市昆山市"
    assert [operation.path for operation in first.patch or ()] == [
        "/orders/2/ship_to/province", "/orders/2/ship_to/city",
    ]  # fmt: skip


def test_an_identity_has_a_path_of_its_own() -> None:
    problems = addresses.problems_of(
        at("浙江省", "杭州市", "西湖区"), cross_border=True, identity_prefix="buyer.identity"
    )

    assert [problem.path for problem in problems] == ["buyer.identity.name", "buyer.identity.number"]


def test_a_sound_address_has_no_problems() -> None:
    assert addresses.problems_of(at("浙江省", "杭州市", "西湖区")) == []
