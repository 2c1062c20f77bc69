"""Microsoft's signing keys and the tokens made with them, good ones and every kind of bad one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

ISSUER = "https://api.botframework.com"
ENDORSED = ("msteams", "webchat", "slack")

Json = dict[str, Any]


@cache
def _private(number: int) -> RSAPrivateKey:
    """Kept for the whole run: making one takes a tenth of a second."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(frozen=True)
class Key:
    number: int
    endorsements: tuple[str, ...] = ENDORSED
    kid: str = ""

    @property
    def name(self) -> str:
        return self.kid or f"kid-{self.number}"

    @property
    def private(self) -> RSAPrivateKey:
        return _private(self.number)

    @property
    def pem(self) -> bytes:
        """The public half, as everybody may have it."""
        kind, shape = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(kind, shape)

    def json(self) -> Json:
        numbers = self.private.public_key().public_numbers()
        made: Json = {"kty": "RSA", "use": "sig", "kid": self.name, "x5t": self.name}
        made |= {"n": _whole(numbers.n), "e": _whole(numbers.e)}
        return made | ({"endorsements": list(self.endorsements)} if self.endorsements else {})


class Signer:
    """``keys`` are those that the keys document shows, the newest last, with which is signed."""

    def __init__(self, audience: str, clock: Callable[[], float], service_url: Callable[[], str]) -> None:
        self.issuer = ISSUER
        self.life = 3600.0
        self._audience, self._clock, self._service_url = audience, clock, service_url
        self._number = 1
        self.keys = [Key(1)]

    def rotate(self, keep: bool = True, endorsements: Iterable[str] = ENDORSED) -> Key:
        """From now on another key signs; the old ones stay in the document, or not."""
        self._number += 1
        key = Key(self._number, tuple(endorsements))
        self.keys = [*(self.keys if keep else ()), key]
        return key

    def sign(
        self,
        key: Key | None = None,
        alg: str = "RS256",
        kid: str | None = None,
        without: Iterable[str] = (),
        **claims: Any,
    ) -> str:
        """As Teams signs, but for what is given: ``claims`` replace, ``without`` leaves claims (or kid) out."""
        key = key or self.keys[-1]
        now = self._clock()
        said: Json = {"serviceurl": self._service_url(), "nbf": int(now) - 300, "exp": int(now + self.life)}
        said |= {"iss": self.issuer, "aud": self._audience, **claims}
        named = key.name if kid is None else kid
        header = {"alg": alg, "kid": named, "x5t": named, "typ": "JWT"}
        left = [{k: v for k, v in part.items() if k not in without} for part in (header, said)]
        text = ".".join(_base64(json.dumps(part).encode()) for part in left)
        return f"{text}.{_base64(_signature(key, alg, text.encode()))}"

    def document(self, keys: str) -> Json:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": keys,
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }


def _signature(key: Key, alg: str, text: bytes) -> bytes:
    if alg == "none":
        return b""
    if alg == "HS256":  # with the public key for a secret: the classic confusion
        return hmac.new(key.pem, text, hashlib.sha256).digest()
    hashing = hashes.SHA512() if alg == "RS512" else hashes.SHA256()
    return key.private.sign(text, PKCS1v15(), hashing)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _whole(number: int) -> str:
    return _base64(number.to_bytes((number.bit_length() + 7) // 8, "big"))


# Bad ones ---------------------------------------------------------------------------------------------------------


def _stranger(signer: Signer) -> Key:
    """A key of nobody's, in no document."""
    return Key(-1, kid="kid-of-nobody")


def _tampered(signer: Signer) -> str:
    header, _, signature = signer.sign().split(".")
    said = signer.sign(aud="somebody").split(".")[1]
    return f"{header}.{said}.{signature}"


def _at(signer: Signer, nbf: float, exp: float) -> str:
    now = signer._clock()
    return signer.sign(nbf=int(now + nbf), exp=int(now + exp))


BAD_TOKENS: dict[str, Callable[[Signer], str]] = {
    "empty": lambda s: "",
    "garbage": lambda s: "garbage",
    "three words": lambda s: "a.b.c",
    "no algorithm": lambda s: s.sign(alg="none"),
    "the public key for a secret": lambda s: s.sign(alg="HS256"),
    "another hash": lambda s: s.sign(alg="RS512"),
    "another audience": lambda s: s.sign(aud="00000000-0000-0000-0000-000000000000"),
    "no audience": lambda s: s.sign(without=["aud"]),
    "another issuer": lambda s: s.sign(iss="https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
    "no issuer": lambda s: s.sign(without=["iss"]),
    "expired": lambda s: _at(s, nbf=-7200, exp=-330),
    "no expiry": lambda s: s.sign(without=["exp"]),
    "not yet valid": lambda s: _at(s, nbf=330, exp=7200),
    "no beginning": lambda s: s.sign(without=["nbf"]),
    "an unknown key": lambda s: s.sign(key=_stranger(s)),
    "a known name for an unknown key": lambda s: s.sign(key=Key(-1, kid=s.keys[-1].name)),
    "no key": lambda s: s.sign(without=["kid"]),
    "tampered with": _tampered,
    "no serviceurl": lambda s: s.sign(without=["serviceurl"]),
    "another serviceurl": lambda s: s.sign(serviceurl="https://smba.trafficmanager.net/elsewhere/"),
}
"""All but the one whose key is not endorsed: ``rotate(endorsements=())`` first."""
