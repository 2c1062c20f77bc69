"""What every table's columns have in common."""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Enum, Integer
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING

BIG = BigInteger().with_variant(Integer(), "sqlite")


def key(**more: Any) -> Any:
    return Field(default=None, primary_key=True, sa_type=BIG, **more)


def link(to: str, **more: Any) -> Any:
    return Field(foreign_key=to, sa_type=BIG, **more)


def one_of(kind: type[StrEnum], **more: Any) -> Any:
    """Kept as its value, so that the database reads like the product; a new value needs no migration."""
    values = Enum(kind, native_enum=False, create_constraint=False, length=40, values_callable=list)
    return Field(sa_type=values, **more)
