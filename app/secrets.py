"""What may not be read, or not be forged, outside this desk: sealed with keys made from SUPPORTHUB_SECRET_KEY."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from app.settings import SHORTEST_KEY


class WrongKey(Exception):
    """What is kept was altered, or sealed with another SUPPORTHUB_SECRET_KEY than today's: set that one again."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class Seal:
    """Each purpose has a key of its own: what was sealed for one is nothing to another."""

    def __init__(self, key: SecretStr, now: Callable[[], datetime]) -> None:
        if len(key.get_secret_value()) < SHORTEST_KEY:
            raise ValueError(f"SUPPORTHUB_SECRET_KEY must have at least {SHORTEST_KEY} characters")
        self._key = key
        self._now = now
        self._boxes: dict[str, Fernet] = {}

    def seal(self, purpose: str, text: str) -> str:
        return self._box(purpose).encrypt_at_time(text.encode(), self._seconds()).decode()

    def open(self, purpose: str, sealed: str) -> str:
        """Raises WrongKey."""
        try:
            return self._box(purpose).decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise WrongKey from None

    def fresh(self, purpose: str, sealed: str, within: timedelta) -> str | None:
        """What was sealed lately; None for what is older, altered or somebody else's invention."""
        try:
            token = sealed.encode()
            opened = self._box(purpose).decrypt_at_time(token, int(within.total_seconds()), self._seconds())
        except (InvalidToken, UnicodeEncodeError):
            return None
        return opened.decode()

    def _seconds(self) -> int:
        return int(self._now().timestamp())

    def _box(self, purpose: str) -> Fernet:
        if purpose not in self._boxes:
            derived = HKDF(SHA256(), length=32, salt=None, info=f"supporthub {purpose}".encode())
            key = derived.derive(self._key.get_secret_value().encode())
            self._boxes[purpose] = Fernet(urlsafe_b64encode(key))
        return self._boxes[purpose]
