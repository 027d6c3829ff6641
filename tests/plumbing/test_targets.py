"""Addresses that others chose lead to the public net, in every spelling, or nowhere."""

from collections.abc import Sequence

import pytest

from dingdan.plumbing.targets import NotAllowed, Targets, Why, is_public

pytestmark = pytest.mark.requirement("S-14")

PUBLIC = ["8.8.8.8", "1.1.1.1", "114.114.114.114", "2400:3200::1", "2606:4700:4700::1111"]
NEAR = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fec0::1", "1::1", "", "nonsense",
]  # fmt: skip
# What a name service makes of numbers is its business; what no address has is refused before.
MALFORMED = [
    "http://shop.example/", "ftp://shop.example/", "//shop.example/", "shop.example", "https://", "https:///x", "",
    "https://user@shop.example/", "https://user:word@shop.example/", "https://shop.example/#part", "https://a b/",
    "https://shop.example:22/", "https://shop.example:80/", "https://shop.example:0/", "https://shop.example:99999/",
    "https://shop.example:x/", "https://shop.example\\@evil.example/", "https://shop.example/\n", "https://店.example/",
    "https://shop_.example/", "https://[::1/", "https://%31%32%37.0.0.1/", "https://-a.example/", "https://a.example\0/",
    "javascript:alert(1)", "file:///etc/passwd", "https://" + "a" * 600 + "/", "http://localhost/", "http://127.0.0.1/",
]  # fmt: skip


def says(*addresses: str) -> Targets:
    """A house whose name service answers so."""

    def lookup(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return Targets(lookup=lookup)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NEAR)
def test_everything_else_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", MALFORMED)
def test_what_can_be_read_in_two_ways_is_not_read(url: str) -> None:
    with pytest.raises(NotAllowed) as found:
        Targets().read(url)
    assert found.value.why is Why.FORM


async def test_every_address_of_a_name_counts() -> None:
    target = Targets().read("https://shop.example:8443/hooks?a=1")
    assert (target.host, target.port, target.path) == ("shop.example", 8443, "/hooks?a=1")
    assert target.authority == "shop.example:8443"
    assert await says("2400:3200::1", "8.8.8.8").find(target) == "8.8.8.8"
    assert target.at("2400:3200::1") == "https://[2400:3200::1]:8443/hooks?a=1"
    for wrong in (("8.8.8.8", "10.0.0.1"), ("::1",), ("::ffff:10.0.0.1", "8.8.8.8")):
        with pytest.raises(NotAllowed) as found:
            await says(*wrong).find(target)
        assert found.value.why is Why.PRIVATE
    with pytest.raises(NotAllowed) as found:
        await says().find(target)
    assert found.value.why is Why.UNRESOLVED


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "[::1]", "[::ffff:7f00:1]"],
)
async def test_this_machine_is_this_machine_in_every_spelling(host: str) -> None:
    """By the real name service, which reads numbers as the C library does."""
    targets = Targets()
    with pytest.raises(NotAllowed) as found:
        await targets.find(targets.read(f"https://{host}/"))
    assert found.value.why in (Why.PRIVATE, Why.UNRESOLVED)


async def test_loopback_is_for_houses_that_say_so() -> None:
    near = Targets(loopback=True)
    for url in ("http://127.0.0.1:9000/x", "http://localhost:81/", "https://[::1]:7/"):
        assert await near.find(near.read(url)) in ("127.0.0.1", "::1")
    for url in ("http://shop.example/", "http://10.0.0.1/", "http://169.254.169.254/", "http://127.0.0.2/"):
        with pytest.raises(NotAllowed):
            near.read(url)
    with pytest.raises(NotAllowed):
        await near.find(near.read("https://192.168.0.1/"))
