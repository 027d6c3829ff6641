"""The demo's people: one for each desk, whom one can come in as without a password, and one who is the merchant's."""

from dingdan.areas import access, identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# For acts that ask for the password again. It opens nothing where something is real.
PASSWORD = "paper-moon-harbour"
# What each is for, as the demo says it when it stands.
DESKS: dict[str, str] = {
    "cs": "customer service", "review": "order reviewer", "wh": "picker and packer", "qc": "returns inspector", "fin": "finance",
    "lantern": "merchant", "ops": "platform operations", "dev": "developer, administrator", "judge": "arbitrator",
    "audit": "auditor", "risk": "risk", "fin2": "second of finance", "judge2": "second arbitrator",
}  # fmt: skip
# Login, name, roles; and whether they are the first shop's own.
PEOPLE: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("cs", "陈思", ("lead",), False), ("review", "周予", ("reviewer",), False), ("wh", "赵磊", ("warehouse",), True),
    ("qc", "孙敏", ("inspector",), True), ("fin", "钱进", ("finance",), False), ("ops", "何平", ("manager", "logistics"), False),
    ("judge", "郑正", ("arbitrator",), False), ("dev", "吴帆", ("admin",), False), ("lantern", "林灯", ("merchant",), True),
    ("audit", "冯查", ("auditor",), False), ("risk", "卫安", ("risk",), False),
    # What one person may not do alone, another of the same desk does: sign a payout, rule about an appeal.
    ("fin2", "金守", ("finance",), False), ("judge2", "江允", ("arbitrator",), False),
)  # fmt: skip


async def hire(db: Database, merchant_id: int) -> None:
    """Hire whoever is not there yet, and give each the demo's password."""
    for login, name, roles, is_shops in PEOPLE:
        wanted = identity.SaveStaff(merchant_id if is_shops else None, login, name, roles)
        staff = await do(db, SYSTEM, identity.save_staff, wanted)
        if not await do(db, SYSTEM, access.has_password, staff.id):
            invited = await do(db, SYSTEM, access.invite, staff.id)
            await do(db, SYSTEM, access.accept_invitation, invited.secret, PASSWORD)
