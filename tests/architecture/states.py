"""Which columns hold a lifecycle's state, read from the tables themselves."""

import functools

from sqlalchemy import CheckConstraint

from dingdan.migrations.models import metadata


@functools.cache
def state_columns() -> dict[str, frozenset[str]]:
    """Table -> its state columns: those with a CHECK of known words and an initial state as default."""
    found = {}
    for table in metadata.tables.values():
        checked = {
            str(constraint.name).removeprefix(f"ck_{table.name}_").removesuffix("_known")
            for constraint in table.constraints
            if isinstance(constraint, CheckConstraint) and str(constraint.name).endswith("_known")
        }
        states = {name for name in checked if name in table.c and table.c[name].server_default is not None}
        if states:
            found[table.name] = frozenset(states)
    return found
