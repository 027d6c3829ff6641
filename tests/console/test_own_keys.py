"""Keys of one's own: chosen on a page, shown on every button, and nobody else's."""

import pytest
from msgspec.structs import fields
from tests.console.conftest import Seat

from dingdan.areas import desks
from dingdan.surfaces.console.own_keys import KeysForm

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_chosen_keys_stand_on_the_pages_of_whoever_chose_them(seat: Seat) -> None:
    desk, other = await seat("lead"), await seat("reviewer")
    await desk.send("/me/keys", j="z", tags="", help="h", h="?")
    html = await desk.open("/orders")
    assert "<kbd>Z</kbd>" in html
    assert """data-keys='{"?": "H", "H": "?", "J": "Z"}'""" in html
    assert "<kbd>J</kbd>" in await other.open("/orders")
    assert 'name="j" value="Z"' in await desk.open("/me/keys")


async def test_they_are_as_they_were_by_one_button(seat: Seat) -> None:
    desk = await seat("lead")
    assert "/me/keys/reset" not in await desk.open("/me/keys")
    await desk.send("/me/keys", a="z")
    assert "/me/keys/reset" in await desk.open("/me/keys", tongue="zh")
    await desk.send("/me/keys/reset")
    assert "data-keys='{}'" in await desk.open("/orders")


async def test_two_of_one_key_are_refused_with_both_names_and_what_was_typed(seat: Seat) -> None:
    desk = await seat("lead")
    await desk.send("/me/keys", a="z")
    html = (await desk.send("/me/keys", status=422, a="y", n="1")).text
    assert "desk.key_unusable" in html
    html = (await desk.send("/me/keys", status=422, a="y")).text
    assert "desk.key_taken" in html
    assert "Copy the link" in html
    assert 'name="a" value="y"' in html
    assert """data-keys='{"A": "Z"}'""" in await desk.open("/orders")


@pytest.mark.parametrize("wrong", [{"ctrl_k": "z"}, {"a": "x" * 9}, {"a": "Ctrl+A"}])
async def test_what_is_no_key_is_refused(seat: Seat, wrong: dict[str, str]) -> None:
    desk = await seat("lead")
    assert (await desk.send("/me/keys", status=422, **wrong)).text
    assert "data-keys='{}'" in await desk.open("/orders")


def test_the_form_has_a_field_for_each_shortcut() -> None:
    assert [one.name for one in fields(KeysForm) if one.name != "once"] == [one.name for one in desks.SHORTCUTS]
