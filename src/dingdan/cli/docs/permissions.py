"""docs/permissions.md: every permission and who has it."""

from collections.abc import Iterator

from dingdan.areas import identity
from dingdan.cli.docs.markdown import code, table


def page() -> Iterator[str]:
    """The page, line by line."""
    names, roles = identity.ROLE_NAMES, identity.ROLES
    yield "# Permissions"
    yield ""
    yield "Who may do what, from the one table in `areas/identity/permissions.py`. Every route asks for one permission; a"
    yield "test walks every route as nobody, as another merchant and as each role. A merchant's people reach that"
    yield "merchant's rows only; another merchant's row answers like one that does not exist."
    yield ""
    yield from table(
        ("Permission", "What it allows", "允许的操作", *(f"{names[role].en} {names[role].zh}" for role in roles)),
        (
            (code(permission), text.en, text.zh, *("✓" if permission in roles[role] else "" for role in roles))
            for permission, text in identity.PERMISSIONS.items()
        ),
    )
    yield from ("", "## Roles that one person may not hold together", "")
    yield from table(
        ("One", "The other"),
        (tuple(f"{names[role].en} {names[role].zh}" for role in pair) for pair in identity.CONFLICTS),
    )
