"""The settings of mail: off without any, refused with only some."""

from collections.abc import Collection
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.policy import SMTP
from functools import cached_property
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from app.channel_settings import is_loopback

PORTS = {"smtp": 587, "smtps": 465}
NEEDED = ("smtp_url", "mail_from")


@dataclass(frozen=True)
class SmtpUrl:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    implicit: bool
    near: bool

    @classmethod
    def read(cls, url: str) -> "SmtpUrl":
        """Raises ValueError, with a sentence that has nothing of the URL in it."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        if parts.scheme not in PORTS or not parts.hostname or port == 0 or not (url.isprintable() and " " not in url):
            raise ValueError("must be an address such as smtp://user:password@mail.example.com:587")
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError("must end after the host and port; write special signs of the password as %2F and so on")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(user) != bool(password):
            raise ValueError("must have both a user and a password, or neither")
        implicit, near = parts.scheme == "smtps", is_loopback(parts.hostname)
        return cls(parts.hostname, port or PORTS[parts.scheme], user, password, implicit, near)


class MailSettings(BaseModel):
    """``SUPPORTHUB_SMTP_URL`` is ``smtp_url``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    smtp_url: SecretStr
    mail_from: str
    """``Support <support@example.com>``: whose mail the desk's is, and the address at which it takes mail."""
    mail_authserv_id: str | None = None
    """The name in the Authentication-Results of the mail system that we believe; None: none is believed."""
    lmtp_host: str = "127.0.0.1"
    lmtp_port: Annotated[int, Field(ge=0, le=65535)] | None = None
    """None: no listener."""

    @field_validator("smtp_url")
    @classmethod
    def _address_of_a_server(cls, url: SecretStr) -> SecretStr:
        SmtpUrl.read(url.get_secret_value())
        return url

    @field_validator("mail_from")
    @classmethod
    def _one_address(cls, text: str) -> str:
        _sender(text)
        return text

    @field_validator("mail_authserv_id")
    @classmethod
    def _one_word(cls, name: str | None) -> str | None:
        if name is not None and not (name.isascii() and name.isprintable() and not set(name) & set(' ;"()')):
            raise ValueError("must be one name, such as mx.example.com")
        return name

    @cached_property
    def server(self) -> SmtpUrl:
        return SmtpUrl.read(self.smtp_url.get_secret_value())

    @cached_property
    def sender(self) -> Address:
        return _sender(self.mail_from)


def _sender(text: str) -> Address:
    try:
        [one] = SMTP.header_factory("from", text).addresses
        sender = Address(one.display_name, addr_spec=one.addr_spec.lower())
    except Exception:
        sender = None
    known = sender is not None and sender.username and "." in sender.domain and sender.addr_spec.isascii()
    if sender is None or not known or not text.isprintable():
        raise ValueError("must be one mail address, such as Support <support@example.com>")
    return sender


MAIL = {field: f"SUPPORTHUB_{field.upper()}" for field in MailSettings.model_fields}


def incomplete_mail(given: Collection[str]) -> list[str]:
    return [f"{MAIL[field]} is missing: mail needs it." for field in NEEDED if given and field not in given]
