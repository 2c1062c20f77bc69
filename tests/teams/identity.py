"""The login server, the documents with Microsoft's signing keys, and a foreign host."""

from typing import Any

from aiohttp import web

from tests.teams.faults import Call, refusal
from tests.teams.login import Tokens
from tests.teams.recording import Recording
from tests.teams.refusing import Refused
from tests.teams.signing import Key, Signer

_METADATA, _KEYS = "/v1/.well-known/openidconfiguration", "/v1/.well-known/keys"


class Identity(Recording):
    def __init__(self) -> None:
        super().__init__()
        self.tokens = Tokens(self)
        """The bot's own: ``tokens.life`` in seconds, ``tokens.revoke()``."""
        self.signer = Signer(self.app.id, lambda: self.clock(), lambda: self.service_url)
        self.files: dict[str, bytes] = {}
        """What can be downloaded, by name, from ``file_url(name)``."""
        self._login = self._foreign = ""

    @property
    def service_url(self) -> str:
        raise NotImplementedError

    @property
    def login_url(self) -> str:
        """In place of https://login.microsoftonline.com."""
        return self._login

    @property
    def metadata_url(self) -> str:
        return f"{self._login}{_METADATA}"

    @property
    def foreign_url(self) -> str:
        """A host that is nobody's business; whatever comes there is kept in ``calls``."""
        return f"{self._foreign}/"

    def file_url(self, name: str) -> str:
        return f"{self._foreign}/files/{name}?tempauth=secret"

    def sign(self, **how: Any) -> str:
        """The channel's token; see ``Signer.sign``."""
        return self.signer.sign(**how)

    def rotate_key(self, keep: bool = True, **how: Any) -> Key:
        return self.signer.rotate(keep, **how)

    async def _start_identity(self) -> None:
        self._login = await self._served(
            web.post("/{tenant}/oauth2/v2.0/token", self._serve_login),
            web.get(_METADATA, self._serve_metadata),
            web.get(_KEYS, self._serve_keys),
            web.route("*", "/{rest:.*}", self._serve_nothing),
        )
        self._foreign = await self._served(
            web.get("/files/{about}", self._serve_file),
            web.route("*", "/{rest:.*}", self._serve_foreign),
        )

    async def _serve_login(self, request: web.Request) -> web.StreamResponse:
        tenant, form = request.match_info["tenant"], await request.post()
        said = {name: str(value) for name, value in form.items()}
        call = self._called("login", request, {**said, "tenant": tenant})
        self._no_token(call)
        return await self.next(call)(request, lambda: self._logged_in(call, tenant, said))

    def _logged_in(self, call: Call, tenant: str, form: dict[str, str]) -> web.Response:
        try:
            return self._ended(call, 200, self.tokens.issue(tenant, form))
        except Refused as refused:
            self._wrong(call, refused.wrong)
            body = {"error": refused.code, "error_description": refused.message}
            return self._ended(call, refused.status, body, refused.code)

    async def _serve_metadata(self, request: web.Request) -> web.StreamResponse:
        document = self.signer.document(f"{self._login}{_KEYS}")
        return await self._serve_document("metadata", request, document)

    async def _serve_keys(self, request: web.Request) -> web.StreamResponse:
        return await self._serve_document("keys", request, {"keys": [key.json() for key in self.signer.keys]})

    async def _serve_document(self, method: str, request: web.Request, document: Any) -> web.StreamResponse:
        call = self._called(method, request)
        self._no_token(call)
        return await self.next(call)(request, lambda: self._ended(call, 200, document))

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        call = self._called("download", request)
        self._no_token(call)
        return await self.next(call)(request, lambda: self._file(call))

    def _file(self, call: Call) -> web.Response:
        call.status = 200 if call.about in self.files else 404
        return web.Response(body=self.files.get(call.about, b""), status=call.status)

    async def _serve_foreign(self, request: web.Request) -> web.StreamResponse:
        call = self._called("foreign", request, {"path": request.path, "verb": request.method})
        self._no_token(call)
        return self._ended(call, 404, None)

    async def _serve_nothing(self, request: web.Request) -> web.StreamResponse:
        call = self._called("nothing", request, {"path": request.path, "verb": request.method})
        self._wrong(call, f"there is no {request.method} {request.path}")
        return self._ended(call, 404, refusal("NotFound", request.path))
