"""``supporthub doctor`` against the played vendors, on real sockets: a desk that is well, and one with many faults."""

import asyncio
import json
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
import pytest
from aiohttp import web
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from adapters.slack.server import SCOPES
from app.backup import BACKED_UP
from app.cli import cli
from app.clock import Clock
from app.doctor import machine
from app.secrets import Seal
from app.webhooks import PURPOSE
from bot.desk.directory import apply
from bot.desk.integrating import add_webhook
from bot.verifying import Nightly
from rules.directory import read
from store.histories import FOUND, NIGHT
from store.store import Store, open_store
from store.work import Work
from tests.bot.owing import gone, owe
from tests.mail.far import PASSWORD, USER
from tests.mail.far import Far as Mail
from tests.portal.identity import CLIENT, SECRET, Provider
from tests.slack.far import Far as Slack
from tests.slack.faults import Proceed, error
from tests.teams.far import Far as Teams
from tests.teams.places import guid
from tests.world import CATALOGUES, ROOT, World, opened

KEY = secrets.token_hex(32)
DIRECTORY = """
[[account]]
name = "Northwind"
slug = "northwind"
[[contract]]
account = "northwind"
plan = "websan/success"
starts = 2026-01-01
licences = 12
[[contact]]
account = "northwind"
name = "Ann Lee"
email = "ann@northwind.example"
licensed = true
nominated = true
[[staff]]
name = "Cora Diaz"
email = "cora@desk.example"
role = "concierge"
slack = "T1/U0CORA"
teams = "{tenant}/{cora}"
[[assignment]]
account = "northwind"
concierge = "cora@desk.example"
[desk]
slack_channel = "T1/C0DESK"
"""
FAULTS = """
[[account]]
name = "Tailspin"
slug = "tailspin"
[[account]]
name = "Wingtip"
slug = "wingtip"
[[contract]]
account = "wingtip"
plan = "websan/success"
starts = 2024-01-01
ends = 2024-12-31
licences = 3
[[account]]
name = "Litware"
slug = "litware"
[[contract]]
account = "litware"
plan = "websan/success"
starts = 2026-01-01
licences = 3
"""


@dataclass
class Set:
    """All that a desk has around it, and the environment that leads there."""

    environment: dict[str, str]
    slack: Slack
    teams: Teams
    mail: Mail
    provider: Provider

    async def doctor(self, *arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, cli, ["doctor", *arguments], env=self.environment)


@asynccontextmanager
async def around(url: str, scopes: Any = SCOPES) -> AsyncIterator[Set]:
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Slack(scopes))
        teams = await stack.enter_async_context(Teams())
        mail = await stack.enter_async_context(Mail())
        provider = await stack.enter_async_context(Provider())
        given = {name: "" for name in os.environ if name.startswith(("SUPPORTHUB_", "SLACK_", "MICROSOFT_", "TEAMS_"))}
        given = {name: None for name in given} | {  # type: ignore[assignment]
            "SUPPORTHUB_MODE": "development",
            "SUPPORTHUB_DATABASE_URL": url,
            "SUPPORTHUB_PUBLIC_URL": "https://desk.example.com",
            "SUPPORTHUB_SECRET_KEY": KEY,
            "SLACK_API_URL": slack.url,
            "SLACK_BOT_TOKEN": slack.add_install("T1").token,
            "SLACK_APP_TOKEN": slack.app.app_token,
            "MICROSOFT_APP_ID": teams.app.id,
            "MICROSOFT_APP_PASSWORD": teams.app.secret,
            "MICROSOFT_APP_TENANT_ID": teams.app.tenant,
            "TEAMS_OPENID_METADATA_URL": teams.metadata_url,
            "TEAMS_LOGIN_URL": teams.login_url,
            "TEAMS_SERVICE_HOSTS": "http://127.0.0.1",
            "SUPPORTHUB_SMTP_URL": f"smtp://{USER}:{quote(PASSWORD)}@127.0.0.1:{mail.port}",
            "SUPPORTHUB_MAIL_FROM": "Support <support@desk.example>",
            "SUPPORTHUB_OIDC_ISSUER": provider.url,
            "SUPPORTHUB_OIDC_CLIENT_ID": CLIENT,
            "SUPPORTHUB_OIDC_CLIENT_SECRET": SECRET.replace(" ", ""),
        }
        yield Set(given, slack, teams, mail, provider)


async def moved_in(store: Store, tenant: str) -> None:
    text = DIRECTORY.format(tenant=tenant, cora=guid("cora"))
    await store.write(apply, read(text, CATALOGUES.plans), datetime.now(UTC))


async def looked_after(store: Store) -> None:
    """The nightly audit ran, and a backup was made."""
    assert await Nightly(store, CATALOGUES, Clock(), lambda: None).round()
    await store.write(Work.set, BACKED_UP, datetime.now(UTC).isoformat())


@pytest.fixture
def url(migrated_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(migrated_sqlite, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path}/desk.db"


async def test_a_desk_that_is_well_is_told_so_and_no_secret_is_printed(url: str) -> None:
    async with around(url) as desk:
        store = open_store(url)
        await moved_in(store, desk.teams.app.tenant)
        await looked_after(store)
        await store.close()
        done = await desk.doctor("--online")
        assert (done.exit_code, done.stderr) == (0, ""), done.stdout
        assert re.search(r"^\d\d ok, 0 warnings, 0 wrong\.$", done.stdout, re.M), done.stdout
        for said in (
            "Socket Mode takes SLACK_APP_TOKEN.",
            "SLACK_BOT_TOKEN is of T1, with every scope of the manifest.",
            "Microsoft's login gives the bot a token.",
            "signing keys.",
            f"127.0.0.1:{desk.mail.port} answers, encrypted, takes our login.",
            f"{desk.provider.url} answers, with",
            "apart from 127.0.0.1:",
            "SQLite",
            "1 accounts, 1 contacts, 1 of the desk.",
            "everybody of the desk is linked.",
            "no difference in the night of",
            "none is late, of 0 live cases.",
        ):
            assert said in done.stdout
        machines = await desk.doctor("--json", "--online")
        assert {json.loads(line)["level"] for line in machines.stdout.splitlines()} == {"ok"}
        assert secrets_in(desk, done.output + machines.output) == []
        assert (desk.slack.violations, desk.teams.violations, desk.mail.arrived) == ([], [], [])


def secrets_in(desk: Set, said: str) -> list[str]:
    """And what the vendors handed out."""
    names = ("SECRET", "TOKEN", "PASSWORD", "KEY")
    hidden = [value for name, value in desk.environment.items() if value and any(each in name for each in names)]
    return [value for value in (*hidden, PASSWORD, quote(PASSWORD), *desk.teams.tokens.issued) if value in said]


async def ten_minutes_ahead(_: web.Request, proceed: Proceed) -> web.StreamResponse:
    answer = proceed()
    answer.headers["Date"] = f"{datetime.now(UTC) + timedelta(minutes=10):%a, %d %b %Y %H:%M:%S} GMT"
    return answer


def found(done: Result) -> set[tuple[str, str, str]]:
    return {(row["level"], row["about"], row["says"]) for row in map(json.loads, done.stdout.splitlines())}


async def test_everything_that_is_amiss_is_found_at_once(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One fault each, and for each its line."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "broken.md").write_text("no front matter")
    monkeypatch.setattr(machine, "LEAST", 10**18)
    async with around(url, [scope for scope in SCOPES if scope != "files:read"]) as desk:
        store = open_store(url)
        await broken(store)
        await store.close()
        Path(url.removeprefix("sqlite:///")).chmod(0o644)
        desk.environment |= {
            "SUPPORTHUB_KNOWLEDGE": str(tmp_path / "articles"),
            "SUPPORTHUB_PUBLIC_URL": "http://desk.example.com",
            "SUPPORTHUB_TRUSTED_PROXIES": "0.0.0.0/0",
            "SUPPORTHUB_SECRET_KEY": "abc" * 20,
            "SLACK_APP_TOKEN": "xapp-of-yesterday",
            "MICROSOFT_APP_PASSWORD": "8Q~of-last-year",
            "TEAMS_OPENID_METADATA_URL": f"{desk.teams.login_url}/nothing",
            "SUPPORTHUB_SMTP_URL": f"smtp://{USER}:wrong@127.0.0.1:{desk.mail.port}",
        }
        desk.provider.issuer = "https://somebody.example"
        desk.slack.script("auth.test", ten_minutes_ahead)
        done = await desk.doctor("--json", "--online")
        desk.slack.script("auth.test", error("account_inactive"))
        refused = await desk.doctor("--json", "--online")
    assert ("wrong", "Slack", "SLACK_BOT_TOKEN is refused: account_inactive.") in found(refused)
    assert secrets_in(desk, refused.output) == []
    assert done.exit_code == 1, done.output
    told = found(done)
    for level, about, says in EXPECTED:
        assert any((level, about) == (one[0], one[1]) and re.search(says, one[2]) for one in told), (about, says, told)
    assert secrets_in(desk, done.output) == []


EXPECTED = (
    ("warning", "secret key", "only 3 different signs"),
    ("wrong", "secret key", r"not the one that sealed webhook 1\."),
    ("warning", "public URL", "not encrypted"),
    ("wrong", "proxies", "everybody is believed"),
    ("wrong", "knowledge", r"broken\.md"),
    ("wrong", "disk", "MB free"),
    ("warning", "database", "every account of this machine can read it"),
    ("warning", "contracts", r"none today, so no promise either: tailspin\."),
    ("warning", "contracts", r"expired: wingtip\."),
    ("warning", "contacts", r"nobody is nominated, every case is flagged: litware\."),
    ("warning", "concierges", "contoso, fabrikam, litware, tailspin, wingtip"),
    ("warning", "Teams", "not linked, so that nothing reaches them there: Cora Diaz"),
    ("warning", "desk's room", "in no room"),
    ("wrong", "queue", r"has been due for \d+ days"),
    ("warning", "dead letters", "1 were given up"),
    ("wrong", "warnings", r"1 are late or reached nobody, such as #1001"),
    ("wrong", "verify", "3 differences in the night"),
    ("warning", "backups", "48 hours old"),
    ("wrong", "Slack", "SLACK_APP_TOKEN is refused: invalid_auth"),
    ("wrong", "Slack", r"T1: without the scopes files:read\."),
    ("wrong", "Teams", "no token: invalid_client"),
    ("wrong", "Teams", "signing keys cannot be fetched"),
    ("wrong", "mail", "535"),
    ("wrong", "sign-in", "does not answer as an issuer: another issuer"),
    ("wrong", "clock", r"(5[0-9]{2}|60[0-9]) s apart from 127.0.0.1:[0-9]+.s: what is signed is refused"),
)


async def broken(store: Store) -> None:
    """A case whose warnings nobody gave, a message that waits, one that was given up, and what else can be."""
    desk = await opened(await World(store).open())
    desk.fake.before = gone("shop")
    await owe(desk, "shop", "never arrives")
    await desk.delivery.deliver_all()
    await owe(desk, "hall", "waits")

    def more(work: Work) -> None:
        now = datetime.now(UTC)
        apply(work, read(FAULTS, CATALOGUES.plans), now)
        sealed = Seal(SecretStr(KEY), lambda: now).seal(PURPOSE, "whsec_old")
        add_webhook(work, None, "https://erp.invalid/hook", sealed, "Lena", now)
        for name, value in ((NIGHT, now.date().isoformat()), (FOUND, "3"), (BACKED_UP, f"{now - timedelta(days=2)}")):
            work.set(name, value)

    await store.write(more)


def marked(work: Work, at: str) -> None:
    work._session.connection().exec_driver_sql(f"UPDATE alembic_version SET version_num = '{at}'")


async def test_what_is_of_another_release_or_not_there_is_looked_at_no_further(url: str, tmp_path: Path) -> None:
    async def doctor(**environment: str) -> set[tuple[str, str, str]]:
        given = {"SUPPORTHUB_DATABASE_URL": url, **environment}
        done = await asyncio.to_thread(CliRunner().invoke, cli, ["doctor", "--json"], env=given)
        assert done.exit_code == 1
        return {one for one in found(done) if one[0] == "wrong"}

    meant = "SUPPORTHUB_PROT is not a setting of this release. Did you mean SUPPORTHUB_PORT?"
    assert await doctor(SUPPORTHUB_PROT="1") == {("wrong", "settings", meant)}
    none = tmp_path / "none.db"
    assert await doctor(SUPPORTHUB_DATABASE_URL=f"sqlite:///{none}") == {
        ("wrong", "database", f"There is no database at {none}: does SUPPORTHUB_DATABASE_URL name the right one?")
    }
    assert not none.exists()
    (tmp_path / "note.db").write_text("A note of four pages. " * 100)
    unusable = ("wrong", "database", "cannot be used: file is not a database.")
    assert await doctor(SUPPORTHUB_DATABASE_URL=f"sqlite:///{tmp_path}/note.db") == {unusable}
    for at, says in (("0010", "the database is at 0010, this release at"), ("9999", "only a newer release knows")):
        store = open_store(url)
        await store.write(marked, at)
        await store.close()
        [(_, about, told)] = await doctor()
        assert (about, says in told) == ("revision", True)
    given = {"SUPPORTHUB_DATABASE_URL": url}
    done = await asyncio.to_thread(CliRunner().invoke, cli, ["dead", "list"], env=given)
    assert done.stderr.endswith("which only a newer release knows: install that one.\n"), "migrate would refuse, too"


@pytest.mark.parametrize("command", [["doctor", "--json"], ["migrate"], ["dead", "list"], ["backup", "desk.backup"]])
def test_an_address_of_postgresql_that_leads_to_no_desk_is_told(
    create_database: Any, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parts = urlsplit(create_database())
    stranger = parts._replace(netloc=f"stranger:{KEY}@{parts.netloc.rpartition('@')[2]}")
    for address, why in (
        (parts._replace(path="/nowhere"), 'database "nowhere" does not exist'),
        (stranger, 'password authentication failed for user "stranger"'),
    ):
        done = CliRunner().invoke(cli, command, env={"SUPPORTHUB_DATABASE_URL": address.geturl()})
        assert (done.exit_code, type(done.exception)) == (1, SystemExit), "a sentence, and no traceback"
        assert why in done.output.replace("\\", "")
        assert KEY not in done.output


async def test_of_postgresql_its_connections_and_rights_are_told(create_database: Any) -> None:
    address = create_database()
    role = f"desk_{secrets.token_hex(4)}"
    owner = await asyncpg.connect(address)
    try:
        await owner.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
        await owner.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        await owner.execute(f"REVOKE UPDATE ON cases FROM {role}")
        parts = urlsplit(address)
        limited = parts._replace(netloc=f"{role}:x@{parts.netloc.rpartition('@')[2]}").geturl()
        given = {"SUPPORTHUB_DATABASE_URL": limited, "SUPPORTHUB_DATABASE_POOL": "100"}
        done = await asyncio.to_thread(CliRunner().invoke, cli, ["doctor", "--json"], env=given)
        told = found(done)
        assert ("wrong", "rights", "missing: cases: UPDATE.") in told
        [level] = [level for level, about, says in told if about == "database" and re.search("want (101|202)", says)]
        assert level != "ok", "that pool is too large for one server that is restarted, or for any"
        assert any(about == "clock" for _, about, _ in told)
    finally:
        await owner.execute(f"DROP OWNED BY {role}")
        await owner.execute(f"DROP ROLE {role}")
        await owner.close()


def test_every_recipe_that_a_line_refers_to_is_on_the_page() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    code = "\n".join(file.read_text() for file in (ROOT / "app/doctor").glob("*.py"))
    named = set(re.findall(r"docs/operations\.md, ([\w' ]+?)[.)\"]", code))
    assert len(named) > 4
    assert [name for name in sorted(named) if not re.search(rf"^##+ {name}$", page, re.M)] == []
