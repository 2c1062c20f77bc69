"""One table says who may do what (rules/lifecycle.py), and every line asks it: what is not allowed there is refused."""

import ast

from bot.commands import COMMANDS, usage
from rules.lifecycle import GUESTS, RULES
from rules.people import Role
from store.tables import Audit
from tests.world import ROOT, World, opened

REFUSERS = {
    "rules/lifecycle.py": "the table",
    "bot/desk/naming.py": "of a company's contacts only its contact person names another (T10)",
    "bot/desk/leaving.py": "a lead does not send an admin away",
    "bot/desk/linking.py": "a lead makes nobody an admin, and approves no staff",
    "bot/understanding/__init__.py": "customers send nothing on",
}
"""Where somebody is told that something is not theirs to do, and why it is not the table alone that says so."""


def test_nobody_else_refuses() -> None:
    """Narrower than the table may be, never wider: each such place is named here, with its reason."""
    found = set()
    for folder in ("app", "adapters", "bot", "store", "rules"):
        for path in (ROOT / folder).rglob("*.py"):
            source = path.read_text()
            if "NotForYou(" in source and any(_refuses(node) for node in ast.walk(ast.parse(source))):
                found.add(str(path.relative_to(ROOT)))
    assert found == set(REFUSERS)


def _refuses(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NotForYou"


def lines(role: Role, guest: bool = False) -> list[str]:
    """Each line that no rule gives to that role, as its use is shown."""
    found = []
    for name, meant in COMMANDS.items():
        theirs = [one for one in meant if role in RULES[one.verb].by and (not guest or one.verb in GUESTS)]
        if not theirs and name != "back":  # which is also a dialog's word
            said = usage(name, meant[0]).replace("[1042]", "1001").replace("1042", "1001", 1)
            said = said.replace("merge 1001 TEXT", "merge 1001 1002").replace("UNTIL", "tomorrow 10am")
            found.append(said.replace("[STAND-IN]", "").replace("[", "").replace("]", ""))
    return found


async def test_no_line_does_what_its_rule_forbids(sqlite_desk: World) -> None:
    """Default deny, for every line that there is: a new one that asks nobody is found here."""
    desk = await opened(sqlite_desk)
    before = await desk.ask_store(lambda work: [repr(each) for each in work.events(1001, internal=True)])
    customers, agents = lines(Role.CUSTOMER), lines(Role.AGENT)
    assert len(customers) > 40
    assert len(agents) > 15
    for who, forbidden in (("ann", customers), ("sam", agents)):
        for line in forbidden:
            said = str(await desk.presses_line(who, line, at_once=True))
            assert "That is not yours to do." in said or "Only customers open cases here." in said, (who, line, said)
    assert before == await desk.ask_store(lambda work: [repr(each) for each in work.events(1001, internal=True)])
    audited = await desk.ask_store(lambda work: work.find(Audit, what="NotForYou", outcome="refused"))
    assert audited is not None
