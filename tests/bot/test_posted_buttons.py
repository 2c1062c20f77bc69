"""Buttons that stand in people's chats were posted by an older release, and say its lines: they stay understood.

What stands here was posted: lines are added when buttons are, and never changed or taken out (docs/upgrading.md).
"""

import pytest

from bot.commands import COMMANDS, parse
from rules.lifecycle import RULES
from rules.people import Role

Posted = tuple[str, str, int | None]

CUSTOMER: tuple[Posted, ...] = (
    ("help", "help", None),
    ("ask", "ask", None),
    ("ask How do I share a view?", "ask", None),
    ("ask-person Is the blue thing covered", "ask-person", None),
    ("person", "person", None),
    ("plan", "plan", None),
    ("price", "price", None),
    ("cases", "cases", None),
    ("termination", "termination", None),
    ("upgrade winning", "upgrade", None),
    ("licences +2 30 ask", "licences", None),
    ("home page 2", "home", None),
    ("status 1042", "status", 1042),
    ("why 1042", "why", 1042),
    ("why W46", "clause", None),
    ("reply 1042", "reply", 1042),
    ("escalate 1042", "escalate", 1042),
    ("schedule 1042", "schedule", 1042),
    ("schedule 1042 2026-01-26T15:00Z", "schedule", 1042),
    ("accept 1042 quote-1", "accept", 1042),
    ("decline 1042 quote-1", "decline", 1042),
    ("confirm 1042 r2", "confirm", 1042),
    ("not-solved 1042 r2", "not-solved", 1042),
    ("confirm all 1042-r1", "confirm-all", None),
    ("rate 1042 5", "rate", 1042),
    ("comment 1042", "comment", 1042),
    ("withdraw 1042", "withdraw", 1042),
    ("reopen 1042", "reopen", 1042),
    ("hand-over 1042", "hand-over", 1042),
    ("not-needed 1042", "not-needed", 1042),
    ("not-that 1042", "not-that", 1042),
    ("estimate 1042", "estimate", 1042),
    ("enquire 1042", "enquire", 1042),
    ("follow 1042", "follow", 1042),
    ("unfollow 1042", "unfollow", 1042),
)
STAFF: tuple[Posted, ...] = (
    ("take 1042", "take", 1042),
    ("ack 1042", "ack", 1042),
    ("reply 1042", "reply", 1042),
    ("assign 1042 auto", "assign", 1042),
    ("close 1042", "close", 1042),
    ("undo 1042 7", "undo", 1042),
    ("send-anyway 1042 7", "send-anyway", 1042),
    ("queue page 2", "queue", None),
    ("home unassigned page 2", "home", None),
    ("incident 3", "incident", None),
    ("code-delivered 1042 yes", "code-delivered", 1042),
)
LEAD: tuple[Posted, ...] = (
    ("dead page 2", "dead", None),
    ("announce 7 send", "announce", None),
    ("announcement 7", "announcement", None),
    ("announcement 7 page 2", "announcement", None),
    ("links approve 3", "links", None),
)
ALL = [
    (role, *each)
    for role, lines in ((Role.CUSTOMER, CUSTOMER), (Role.AGENT, STAFF), (Role.LEAD, LEAD))
    for each in lines
]


@pytest.mark.parametrize(("role", "line", "name", "case"), ALL)
def test_a_button_of_an_older_release_still_says_what_it_said(
    role: Role, line: str, name: str, case: int | None
) -> None:
    found = parse(line, role, pressed=True)
    assert found is not None
    assert (found.name, found.case.number if found.case else None) == (name, case)
    assert any(role in RULES[command.verb].by for command in COMMANDS[name])
