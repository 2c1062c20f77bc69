"""What only others can say: whether our tokens are good, and whether vendors, mail and sign-in answer.

Their own words are shown, never what was sent to them.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, TraceConfig, TraceRequestEndParams
from yarl import URL

from adapters.slack.grants import Grants, SlackSaidNo, SlackSilent
from adapters.slack.installs import Install
from app.channel_settings import SlackSettings, TeamsSettings
from app.clock import Clock
from app.doctor.findings import Finding, ok, some, warning, wrong
from app.installs import CHANNEL, StoredInstalls
from app.mail_settings import MailSettings
from app.secrets import Seal, WrongKey
from app.settings import Settings
from bot.channel import NotSent
from store.store import Store
from store.work import Work

PATIENCE = 20.0  # seconds for each of them
OFF, FAR_OFF = timedelta(seconds=30), timedelta(minutes=4)
"""Slack and Microsoft refuse what is five minutes off."""
Check = Awaitable[list[Finding]]


async def others(settings: Settings, store: Store | None) -> list[Finding]:
    """``store`` is None where the database cannot be asked: then some cannot be either."""
    clocks: dict[str, timedelta] = {}
    async with _session(clocks) as session:
        asked: list[tuple[str, Check]] = []
        if settings.slack is not None:
            asked.append(("Slack", _slack(settings, settings.slack, session, store)))
        if settings.teams is not None:
            asked.append(("Teams", _teams(settings.teams, session)))
        if settings.mail is not None:
            asked.append(("mail", _mail(settings, settings.mail)))
        if settings.oidc is not None:
            asked.append(("sign-in", _sign_in(settings, session)))
        if store is not None and settings.secret_key is not None:
            asked.append(("webhooks", _webhooks(store)))
        found = await asyncio.gather(*(_surely(about, check) for about, check in asked))
    return [finding for each in found for finding in each] + _clocks(clocks)


async def _surely(about: str, check: Check) -> list[Finding]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check
    except TimeoutError:
        return [wrong(about, "no answer in time.", "Is the way out to it open, for this machine too?")]
    except Exception as error:  # whatever it is, the others are asked
        return [wrong(about, f"could not be asked: {type(error).__name__}.", "The log of the server may say more.")]


@asynccontextmanager
async def _session(clocks: dict[str, timedelta]) -> AsyncIterator[ClientSession]:
    """Notes by how much each host's clock is ahead of ours."""

    async def noted(_: ClientSession, __: SimpleNamespace, answered: TraceRequestEndParams) -> None:
        try:
            theirs = parsedate_to_datetime(answered.response.headers["Date"])
            host, ahead = answered.url.authority, theirs - datetime.now(UTC)
            clocks[host] = max(clocks.get(host, timedelta()), ahead, key=abs)
        except (KeyError, ValueError, TypeError):
            return

    trace = TraceConfig()
    trace.on_request_end.append(noted)
    given = {"timeout": ClientTimeout(total=10), "cookie_jar": DummyCookieJar(), "trace_configs": [trace]}
    async with ClientSession(**given) as session:  # type: ignore[arg-type]
        yield session


def _clocks(clocks: dict[str, timedelta]) -> list[Finding]:
    found = []
    for host, ahead in clocks.items():
        says = f"{abs(ahead.total_seconds()):.0f} s apart from {host}'s"
        if abs(ahead) > FAR_OFF:
            found.append(
                wrong("clock", f"{says}: what is signed is refused.", "Have this machine follow a time server.")
            )
        elif abs(ahead) > OFF:
            found.append(warning("clock", f"{says}.", "Have this machine follow a time server."))
        else:
            found.append(ok("clock", f"{says}."))
    return found


# Slack


async def _slack(
    settings: Settings, given: SlackSettings, session: ClientSession, store: Store | None
) -> list[Finding]:
    now = lambda: datetime.now(UTC)  # noqa: E731
    grants = Grants(session, given.api_url, now)
    found = await _socket(given, grants)
    if given.bot_token is not None:
        return [*found, *await _workspace(grants, given.bot_token.get_secret_value(), "SLACK_BOT_TOKEN")]
    if store is None or settings.secret_key is None:
        return [*found, wrong("Slack", "its workspaces are in the database, which does not answer.", "")]
    installs = StoredInstalls(store, Seal(settings.secret_key, now), Clock())
    tenants = [each.tenant for each in await store.read(Work.installs, CHANNEL)]
    if not tenants:
        found.append(warning("Slack", "no workspace has installed the app.", "Open /slack/install: docs/slack.md."))
    for tenant in tenants:
        found += await _installed(installs, grants, tenant)
    return found


async def _socket(given: SlackSettings, grants: Grants) -> list[Finding]:
    if given.app_token is None:
        return []
    try:
        await grants.may_connect(given.app_token.get_secret_value())
    except (SlackSaidNo, SlackSilent) as no:
        return [wrong("Slack", f"SLACK_APP_TOKEN is refused: {no}.", "Make a new one: docs/operations.md, Rotating.")]
    return [ok("Slack", "Socket Mode takes SLACK_APP_TOKEN.")]


async def _installed(installs: StoredInstalls, grants: Grants, tenant: str) -> list[Finding]:
    try:
        install: Install | None = await installs.find(tenant)
    except WrongKey:
        return []  # which is told of the secret key
    if install is None:
        return []
    if install.expires_at is not None and install.expires_at <= datetime.now(UTC):
        return [ok("Slack", f"{tenant}: its token has ended, and is renewed when it is used.")]
    return await _workspace(grants, install.bot_token, tenant)


async def _workspace(grants: Grants, token: str, name: str) -> list[Finding]:
    from adapters.slack.server import SCOPES

    try:
        whose = await grants.whose(token)
    except SlackSaidNo as no:
        do = "Install the app again, and put its token in the old one's place: docs/operations.md, Rotating."
        return [wrong("Slack", f"{name} is refused: {no}.", do)]
    except SlackSilent as silent:
        return [wrong("Slack", f"{name}: no answer: {silent}.", "Is the way out to slack.com open?")]
    missing = sorted(set(SCOPES) - set(whose.scopes))
    if missing:
        do = "Install the app there again with manifests/slack (docs/upgrading.md)."
        return [wrong("Slack", f"{whose.tenant}: without the scopes {some(missing)}.", do)]
    more = sorted(set(whose.scopes) - set(SCOPES))
    says = f"{name} is of {whose.tenant}, with every scope of the manifest"
    return [ok("Slack", f"{says}{f', and {some(more)}, which nothing here needs' if more else ''}.")]


# Teams


async def _teams(given: TeamsSettings, session: ClientSession) -> list[Finding]:
    from adapters.teams.keys import Keys, NoKeys
    from adapters.teams.token import BotToken

    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731
    secret = given.app_password.get_secret_value()
    token = BotToken(session, given.login_url, given.app_tenant_id, given.app_id, secret, now)
    keys, found = Keys(session, given.openid_metadata_url, now), list[Finding]()
    try:
        await token.value()
        found.append(ok("Teams", "Microsoft's login gives the bot a token."))
    except NotSent as no:
        do = "invalid_client: the secret is wrong or has ended (docs/operations.md, Teams' keys)."
        found.append(wrong("Teams", f"{no}.", do))
    try:
        found.append(ok("Teams", f"{await keys.examine()} signing keys."))
    except NoKeys as no:
        found.append(wrong("Teams", f"{no}: nobody can be told from anybody else.", f"{given.openid_metadata_url}"))
    await token.close()
    await keys.close()
    return found


# Mail, sign-in, webhooks


async def _mail(settings: Settings, mail: MailSettings) -> list[Finding]:
    from app.email import given

    smtp, server = given(settings, mail).smtp, mail.server
    try:
        encrypted = await smtp.examine()
    except NotSent as no:
        return [wrong("mail", f"{server.host}:{server.port}: {no}.", "SUPPORTHUB_SMTP_URL: docs/mail.md.")]
    how = "encrypted" if encrypted else "not encrypted, which is allowed on this machine alone"
    who = ", takes our login" if server.user else ""
    return [ok("mail", f"{server.host}:{server.port} answers, {how}{who}.")]


async def _sign_in(settings: Settings, session: ClientSession) -> list[Finding]:
    from adapters.portal.keys import NoAnswer, document
    from adapters.portal.oidc import SignInElsewhere

    oidc, key = settings.oidc, settings.secret_key
    assert oidc is not None, "asked only where it is set"
    assert key is not None, "the settings need it"
    now = lambda: datetime.now(UTC)  # noqa: E731
    secret = oidc.client_secret.get_secret_value()
    asks = SignInElsewhere(oidc.issuer, oidc.client_id, secret, lambda: session, Seal(key, now), now)
    try:
        metadata = await asks.metadata()
        keys = (await document(session, str(metadata["jwks_uri"]))).get("keys")
    except NoAnswer as no:
        return [wrong("sign-in", f"{oidc.issuer} does not answer as an issuer: {no}.", "SUPPORTHUB_OIDC_ISSUER.")]
    if not keys:
        return [wrong("sign-in", f"{oidc.issuer} has no keys.", "Nobody of the desk can sign in by it.")]
    return [ok("sign-in", f"{oidc.issuer} answers, with {len(keys)} keys. Its client's secret is not tried.")]


async def _webhooks(store: Store) -> list[Finding]:
    """Whether there are such hosts; nothing is called."""
    hosts = sorted({URL(hook.url).host or "" for hook, *_ in await store.read(Work.webhooks)})
    loop, lost = asyncio.get_running_loop(), list[str]()
    for host in hosts:
        try:
            await loop.getaddrinfo(host, 443)
        except OSError:
            lost.append(host)
    if lost:
        return [
            warning("webhooks", f"nobody knows {some(lost)}.", "supporthub webhook list; its owner may have moved.")
        ]
    return [ok("webhooks", f"{len(hosts)} hosts, each with an address.")] if hosts else []
