"""A no to a destination with its ways out."""

from dingdan.areas.carriers.model import NotDeliverable
from dingdan.areas.carriers.refusals import Undeliverable
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text

_OTHER_SERVICE = Text("Send it as {service} with {carrier}", "改用 {carrier} 的 {service} 服务")
_OTHER_PLACE = Text("See which other address could be read from this one", "查看可选的其他地址")


def undeliverable(no: NotDeliverable, path: str = "ship_to", *, service_pointer: str | None = None) -> Refusal:
    """The refusal of a destination, at `path`. With `service_pointer` (the JSON pointer of the service in the request)

    other services that go there are offered as patches; other warehouses stand in `params` for whoever can choose them.
    """
    ways = [
        Solution(
            "other_service", _OTHER_SERVICE, (Operation("add", service_pointer, other.service),),
            params={"service": other.service, "carrier": other.carrier},
        )
        for other in no.alternatives
        if other.kind == "service" and service_pointer is not None
    ]  # fmt: skip
    look = Action("POST", "/v1/addresses/check", {"address": {"country": no.country}})
    return Undeliverable(
        path, country=no.country, region=no.region, why=no.why,
        warehouses=[str(other.warehouse_id) for other in no.alternatives if other.kind == "warehouse"],
    ).with_solutions(*ways, Solution("other_address", _OTHER_PLACE, action=look))  # fmt: skip
