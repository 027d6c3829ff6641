"""Flaws as refusals with their ways out, for requests that carry an address."""

import msgspec

from dingdan.areas.addresses.model import OF_FLAW, Flaw, Identity
from dingdan.areas.addresses.rules import countries
from dingdan.areas.addresses.rules.checking import check
from dingdan.areas.addresses.rules.correcting import corrected
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text

_PLACES = ("country", "province", "city", "district")
_TAKE = Text("Deliver to {place}", "改为送至{place}")
_ASK = Text("See what is asked for and what may be chosen", "查看须填写的内容和可选的地区")


def problems_of(
    address: Address,
    prefix: str = "ship_to",
    *,
    cross_border: bool = False,
    identity: Identity | None = None,
    identity_prefix: str = "identity",
) -> list[Refusal]:
    """Every flaw as a refusal with its ways out; paths and patches are those of a request with `prefix` for the address

    and `identity_prefix` for whose goods these are (as paths: "ship_to", "orders[2].ship_to", "buyer.identity").
    """
    flaws = check(address, cross_border=cross_border, identity=identity)
    guesses = corrected(address) if any(flaw.part in _PLACES for flaw in flaws) else ()
    return [_problem(flaw, address, guesses, prefix, identity_prefix) for flaw in flaws]


def _problem(flaw: Flaw, address: Address, guesses: tuple[Address, ...], prefix: str, identity_prefix: str) -> Refusal:
    of_identity = flaw.part.startswith("identity.")
    path = f"{identity_prefix}.{flaw.part[9:]}" if of_identity else f"{prefix}.{flaw.part}"
    refusal = OF_FLAW[flaw.code](path, **flaw.all_params)
    if flaw.suggestion and not guesses:
        # It mends this part, though others stay wrong.
        guesses = (msgspec.structs.replace(address, **flaw.suggestion),)
    ways = [_correct(guess, address, prefix) for guess in guesses] if flaw.part in _PLACES else []
    return refusal.with_solutions(*ways, _look(address))


def _correct(guess: Address, address: Address, prefix: str) -> Solution:
    """Take another place. `add` also replaces, and the request may have left a part out."""
    base = "/" + prefix.replace("[", ".").replace("]", "").replace(".", "/")
    changed = [part for part in _PLACES if getattr(guess, part) != getattr(address, part)]
    patch = tuple(Operation("add", f"{base}/{part}", getattr(guess, part)) for part in changed)
    names = dict.fromkeys((guess.province, guess.city, guess.district))
    return Solution("correct_address", _TAKE, patch, params={"place": "".join(names)})


def _look(address: Address) -> Solution:
    """What cannot be guessed must be asked for; nothing that is personal goes along."""
    places = {part: getattr(address, part) for part in _PLACES} | {"country": countries.code_of(address.country)}
    return Solution("complete_address", _ASK, action=Action("POST", "/v1/addresses/check", {"address": places}))
