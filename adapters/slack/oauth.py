"""Installing the app: to Slack for an administrator's consent, and back with a code for the token."""

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import Protocol

from aiohttp import web
from yarl import URL

from adapters.slack.edge import Refused, route
from adapters.slack.grants import Grants, SlackSaidNo, SlackSilent
from adapters.slack.installs import Install

log = logging.getLogger(__name__)
START, BACK = "/slack/install", "/slack/oauth_redirect"
COOKIE = "supporthub_slack_install"
PURPOSE = "slack install state"
LIVES = timedelta(minutes=10)
LONGEST = 1000
SPENT = {"invalid_code", "code_already_used", "code_expired"}
AGAIN = "Please start again."


class Signer(Protocol):
    def seal(self, purpose: str, text: str) -> str: ...

    def fresh(self, purpose: str, sealed: str, within: timedelta) -> str | None:
        """What was sealed for this purpose and lately; None for anything else."""


@dataclass(frozen=True)
class Consent:
    """What an administrator is asked for, and where."""

    client_id: str
    scopes: tuple[str, ...]
    public_url: str
    """Where browsers reach this server: an origin."""
    api_url: str

    @property
    def back(self) -> str:
        return self.public_url.rstrip("/") + BACK

    def page(self, state: str) -> URL:
        asked = {"client_id": self.client_id, "scope": ",".join(self.scopes), "redirect_uri": self.back, "state": state}
        return self._slack("/oauth/v2/authorize").with_query(asked)

    def app(self, install: Install) -> URL:
        return self._slack("/app_redirect").with_query(app=install.app_id)

    def _slack(self, path: str) -> URL:
        """Slack's pages stand beside its API, whoever plays Slack."""
        return URL(self.api_url).origin().with_path(path)


class Oauth:
    def __init__(
        self, consent: Consent, grants: Grants, signer: Signer, keep: Callable[[Install], Awaitable[None]]
    ) -> None:
        self._consent = consent
        self._grants = grants
        self._signer = signer
        self._keep = keep

    def register(self, app: web.Application) -> None:
        app.add_routes([route("GET", START, self.start, _page), route("GET", BACK, self.back, _page)])

    async def start(self, request: web.Request) -> web.Response:
        browser = secrets.token_urlsafe(16)
        page = self._consent.page(self._signer.seal(PURPOSE, browser))
        response = web.Response(status=302, headers={"Location": str(page)})
        secure = self._consent.public_url.startswith("https://")
        age = int(LIVES.total_seconds())
        response.set_cookie(COOKIE, browser, max_age=age, path=BACK, httponly=True, secure=secure, samesite="Lax")
        return response

    async def back(self, request: web.Request) -> web.Response:
        self._check_state(request)
        if "error" in request.query:
            raise Refused(400, f"Slack did not install the app: consent was not given, or not possible. {AGAIN}")
        install = await self._exchanged(request.query.get("code", ""))
        await self._keep(install)
        response = _installed(install, self._consent.app(install))
        response.del_cookie(COOKIE, path=BACK)
        return response

    def _check_state(self, request: web.Request) -> None:
        """Only the browser that was sent to Slack, lately, may bring a code: nobody installs in another's name."""
        browser = self._signer.fresh(PURPOSE, request.query.get("state", "")[:LONGEST], LIVES)
        cookie = request.cookies.get(COOKIE, "")
        if browser is None or not hmac.compare_digest(browser.encode(), cookie.encode(errors="replace")):
            raise Refused(400, f"This did not begin in this browser within the last ten minutes. {AGAIN}")

    async def _exchanged(self, code: str) -> Install:
        if not code or len(code) > LONGEST:
            raise Refused(400, f"Slack sent no code along. {AGAIN}")
        try:
            return await self._grants.exchange(code, self._consent.back)
        except SlackSaidNo as no:
            if no.error in SPENT:
                raise Refused(400, f"Slack does not know this code, or knows it as used. {AGAIN}") from None
            log.warning("Slack refused an install: %s", no)
            raise Refused(502, f"Slack refused to install the app. {AGAIN}") from None
        except SlackSilent as silent:
            log.warning("Slack did not answer about an install: %s", silent)
            raise Refused(502, f"Slack does not answer at the moment. {AGAIN}") from None


def _installed(install: Install, link: URL) -> web.Response:
    title = escape(f"Support Hub is installed in {install.name}")
    return _html(200, title, f'<p><a href="{escape(str(link))}">Open it in Slack</a></p>')


def _page(status: int, sentence: str) -> web.Response:
    return _html(
        status, "Support Hub is not installed", f'<p>{escape(sentence)}</p><p><a href="{START}">Install</a></p>'
    )


def _html(status: int, title: str, body: str) -> web.Response:
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    text = f'<!doctype html><html lang="en"><head>{head}</head><body><h1>{title}</h1>{body}</body></html>'
    return web.Response(status=status, text=text, content_type="text/html")
