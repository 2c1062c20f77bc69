"""Where the bot gets its own token, and whether one that comes back with a call is good."""

from dataclasses import dataclass, field

from tests.teams.refusing import Refused
from tests.teams.state import State

SCOPE = "https://api.botframework.com/.default"


@dataclass
class Tokens:
    state: State
    life: float = 3600.0
    issued: dict[str, float] = field(default_factory=dict)
    """When each ends, by the fake's clock."""

    def issue(self, tenant: str, form: dict[str, str]) -> dict[str, str | int]:
        app = self.state.app
        if tenant != app.tenant:
            raise Refused(400, "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found.", f"asked in {tenant}")
        if form.get("grant_type") != "client_credentials":
            raise Refused(400, "unsupported_grant_type", "AADSTS70003", f"grant type {form.get('grant_type')!r}")
        if form.get("scope") != SCOPE:
            raise Refused(400, "invalid_scope", "AADSTS70011", f"scope {form.get('scope')!r}")
        if unknown := sorted(form.keys() - {"grant_type", "scope", "client_id", "client_secret"}):
            raise Refused(400, "invalid_request", "AADSTS900144", f"there is no {', '.join(unknown)} here")
        if form.get("client_id") != app.id:
            raise Refused(400, "unauthorized_client", "AADSTS700016: Application not found in the directory.")
        if form.get("client_secret") != app.secret:
            raise Refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        token = f"eyJ0.for-the-bot-{self.state.number()}.sig"
        self.issued[token] = self.state.clock() + self.life
        return {
            "token_type": "Bearer",
            "expires_in": int(self.life),
            "ext_expires_in": int(self.life),
            "access_token": token,
        }

    def check(self, token: str) -> None:
        if token not in self.issued:
            raise Refused(401, "Unauthorized", "Authorization has been denied for this request.", "no token of ours")
        if self.issued[token] <= self.state.clock():
            raise Refused(401, "Unauthorized", "Authorization has been denied for this request.")

    def revoke(self) -> None:
        """All that were issued end now."""
        self.issued = dict.fromkeys(self.issued, 0.0)
