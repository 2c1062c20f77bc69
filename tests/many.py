"""Thousands of open cases without thousands of turns: copies of one that was opened as people do."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text

from rules.people import Role
from store.sql import table
from store.tables import Case, Person
from store.work import Work
from tests.world import MONDAY


def add_agents(work: Work, many: int, channel: str = "fake") -> list[int]:
    """Each with a room of their own; their ids follow each other."""
    return [_agent(work, channel, f"agent{number}") for number in range(many)]


def _agent(work: Work, channel: str, name: str) -> int:
    work.add(who := Person(name=name, email=f"{name}@example", role=Role.AGENT))
    who.conversation_id = work.conversation(channel, "", name).id
    work.link(channel, "", name, who, "test", MONDAY)
    return who.id


def copy_case(work: Work, number: int, many: int, alarm: datetime, agents: list[int]) -> None:
    """The next warning about each is due at ``alarm``; one after the other of the agents has them."""
    columns = [column.name for column in table(Case).columns if column.name != "id"]
    new = {"next_alarm_at": ":alarm", "assignee_id": f"{agents[0]} + i % {len(agents)}"}
    chosen = ", ".join(new.get(name, f"cases.{name}") for name in columns)
    copying = text(
        f"INSERT INTO cases ({', '.join(columns)})"
        " WITH RECURSIVE copies(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copies WHERE i < :many)"
        f" SELECT {chosen} FROM copies, cases WHERE cases.id = :number"
    )
    at: Any = bindparam("alarm", type_=table(Case).c.next_alarm_at.type)
    work._session.connection().execute(copying.bindparams(at), {"many": many, "number": number, "alarm": alarm})
