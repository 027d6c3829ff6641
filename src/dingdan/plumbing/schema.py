"""The MetaData that all tables hang on, and the columns they share."""

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    MetaData,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from dingdan.kernel.lifecycle import Lifecycle

# Every constraint has a name that a refusal can be mapped from.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str = "id", **kw: Any) -> Column[int]:
    """A time-sorted id that we mint ourselves; part of the primary key."""
    return Column(name, BigInteger, primary_key=True, autoincrement=False, **kw)


def ref(name: str, *args: Any, nullable: bool = False, **kw: Any) -> Column[int]:
    """An id of something else."""
    return Column(name, BigInteger, *args, nullable=nullable, **kw)


def amount(name: str, *, nullable: bool = False, default: int | None = None) -> Column[int]:
    """Minor units of the row's currency."""
    return Column(name, BigInteger, nullable=nullable, server_default=None if default is None else text(str(default)))


def count(name: str, *, default: int | None = None, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """A number of pieces."""
    kw: dict[str, Any] = {"primary_key": True, "autoincrement": False} if primary_key else {}
    return Column(
        name, Integer, nullable=nullable, server_default=None if default is None else text(str(default)), **kw
    )


def small(name: str, *, primary_key: bool = False, default: int | None = None) -> Column[int]:
    """A small number: a line number, a rank."""
    kw: dict[str, Any] = {} if default is None else {"server_default": text(str(default))}
    return Column(name, SmallInteger, nullable=False, primary_key=primary_key, autoincrement=False, **kw)


def word(name: str, *args: Any, nullable: bool = False, primary_key: bool = False, **kw: Any) -> Column[str]:
    """A short text."""
    return Column(name, Text, *args, nullable=nullable, primary_key=primary_key, **kw)


def words(name: str) -> Column[list[str]]:
    """A list of short texts."""
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"))


def refs(name: str) -> Column[list[int]]:
    """A list of ids."""
    return Column(name, ARRAY(BigInteger), nullable=False, server_default=text("'{}'"))


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    """A moment in UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def document(name: str, *, nullable: bool = False, default: str | None = None) -> Column[Any]:
    """A JSON document."""
    return Column(name, JSONB, nullable=nullable, server_default=None if default is None else text(f"'{default}'"))


def state(machine: Lifecycle[Any], name: str = "state") -> tuple[Column[str], CheckConstraint]:
    """A lifecycle's column with the CHECK that knows its words."""
    return Column(name, Text, nullable=False, server_default=str(machine.initial)), one_of(name, machine.states)


def one_of(name: str, values: Any) -> CheckConstraint:
    """A CHECK that a column holds one of these words."""
    members = ", ".join(f"'{value.value if isinstance(value, StrEnum) else value}'" for value in values)
    return CheckConstraint(f"{name} IN ({members})", name=f"{name}_known")


def version() -> Column[int]:
    """Counts the lifecycle steps of a row; facts carry it, so that a missing or edited step shows."""
    return Column("version", Integer, nullable=False, server_default=text("1"))
