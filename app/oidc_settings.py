"""The settings of the desk's own sign-in (OpenID Connect): off without any, refused with only some."""

from collections.abc import Collection

from pydantic import BaseModel, ConfigDict

from app.channel_settings import Secret, Url, Word

NEEDED = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
OF_THE_DESK = ("secret_key", "public_url")


class OidcSettings(BaseModel):
    """``SUPPORTHUB_OIDC_ISSUER`` is ``oidc_issuer``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    oidc_issuer: Url
    oidc_client_id: Word
    oidc_client_secret: Secret
    oidc_trust_email: bool = False
    """Whether each address that it names is verified, though it does not say so of any: one tenant's own issuer."""

    @property
    def issuer(self) -> str:
        return self.oidc_issuer

    @property
    def client_id(self) -> str:
        return self.oidc_client_id

    @property
    def client_secret(self) -> Secret:
        return self.oidc_client_secret

    @property
    def trusts_email(self) -> bool:
        return self.oidc_trust_email


OIDC = {field: f"SUPPORTHUB_{field.upper()}" for field in OidcSettings.model_fields}


def incomplete_oidc(given: Collection[str], desk: Collection[str]) -> list[str]:
    if not given:
        return []
    wrong = [f"{OIDC[field]} is missing: the desk's own sign-in needs it." for field in NEEDED if field not in given]
    missing = [name for name in OF_THE_DESK if name not in desk]
    return wrong + [f"SUPPORTHUB_{name.upper()} is missing: the desk's own sign-in needs it." for name in missing]
