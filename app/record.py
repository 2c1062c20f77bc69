"""Signed records of cases: made for an operator, served behind a signed link, and checked by whoever was given one."""

import base64
import json
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from app.clock import Clock
from app.invitations import HEADERS, PATIENCE
from bot.invitations import Links
from bot.records import FORMAT, for_reader, read_link
from rules.catalogue import Catalogues
from store.store import Store, Unavailable

ALGORITHM = "Ed25519"


class Unsound(Exception):
    """What is wrong with it."""


def signed(record: dict[str, Any], secret: SecretStr) -> str:
    """A JSON document: the record, and a signature over it that needs nothing else to be checked."""
    key = _key(secret)
    public, value = key.public_key().public_bytes_raw(), key.sign(_octets(record))
    signature = {"algorithm": ALGORITHM, "public_key": _text(public), "value": _text(value)}
    return json.dumps({"record": record, "signature": signature}, ensure_ascii=False, indent=2) + "\n"


def check(document: str, own: SecretStr | None) -> tuple[int, str]:
    """The case's number and the key that signed it; ``own``: it must be this desk's. Raises Unsound."""
    try:
        parts = json.loads(document, object_pairs_hook=_once)
        record, signature = parts["record"], parts["signature"]
        public, value = (base64.b64decode(signature[name], validate=True) for name in ("public_key", "value"))
        number, whole = int(record["case"]["number"]), record["format"] == FORMAT
        key, octets = Ed25519PublicKey.from_public_bytes(public), _octets(record)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise Unsound("This is no signed record of a case.") from None
    if not whole or set(parts) != {"record", "signature"} or signature.get("algorithm") != ALGORITHM:
        raise Unsound("This is no record of a kind that this release knows.")
    try:
        key.verify(value, octets)
    except InvalidSignature:
        raise Unsound("It was changed after it was signed.") from None
    if own is not None and public != _key(own).public_key().public_bytes_raw():
        raise Unsound("It was signed with another key than this desk's.")
    return number, _text(public)


def register(
    app: web.Application, links: Links, secret: SecretStr, store: Store, clock: Clock, catalogues: Catalogues
) -> None:
    async def case_record(request: web.Request) -> web.Response:
        now = clock()
        named = read_link(links, request.match_info["token"], now.business)
        if named is None:
            raise web.HTTPNotFound
        try:
            found = await store.read(for_reader, *named, now, catalogues, patience=PATIENCE)
        except Unavailable:
            raise web.HTTPServiceUnavailable from None
        if found is None:
            raise web.HTTPNotFound
        name = {"Content-Disposition": f'attachment; filename="case-{named[0]}.json"', "Cache-Control": "no-store"}
        text = signed(found, secret)
        return web.Response(text=text, content_type="application/json", headers={**HEADERS, **name})

    app.add_routes([web.get(r"/records/{token:[0-9a-f-]{1,120}}.json", case_record)])


def _key(secret: SecretStr) -> Ed25519PrivateKey:
    """The same for as long as the secret is; nothing else is signed with it."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"supporthub record")
    return Ed25519PrivateKey.from_private_bytes(derived.derive(secret.get_secret_value().encode()))


def _octets(record: Any) -> bytes:
    """One way of writing it, whatever the file's own blanks and order."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A name that came twice would be read one way here and another way elsewhere."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name is there twice")
    return dict(pairs)


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
