"""Files in the fake: kept by their id, and given out at an address of their own to who shows a token, as Slack does."""

from dataclasses import dataclass, field

from aiohttp import web

from tests.slack.places import Json
from tests.slack.state import State

SCOPE = "files:read"


@dataclass
class Shelf:
    """``asked``: path and token of whoever came for one. ``leads_to``: where each is then said to be instead."""

    state: State
    base: str = ""
    contents: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    leads_to: str = ""

    def add(self, name: str, content: bytes, kind: str = "image/png", size: int | None = None) -> Json:
        """As a message's event has it; ``size`` is what is said of it."""
        number = f"F0{len(self.contents) + 1:04}"
        self.contents[number] = content
        place = f"{self.base}/files-pri/T1-{number}"
        return {
            "id": number,
            "mode": "hosted",
            "name": name,
            "title": name,
            "mimetype": kind,
            "size": len(content) if size is None else size,
            "is_external": False,
            "url_private": f"{place}/{number}",
            "url_private_download": f"{place}/download/{number}",
            "permalink": f"https://provider.slack.com/files/U0ANN/{number}/{number}",
        }

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Who may not have it is sent to the page to sign in."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        self.asked.append((request.path, token))
        known = self.state.tokens.get(token) if kind == "Bearer" else None
        if self.leads_to or known is None or SCOPE not in known.install.scopes:
            raise web.HTTPFound(self.leads_to or f"{self.base}/signin?redir={request.path}")
        content = self.contents.get(request.match_info["rest"].rpartition("/")[2])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="application/octet-stream")
