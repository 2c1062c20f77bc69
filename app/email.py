"""Mail, as the settings have it: the adapter with the house's store and clock."""

from adapters.email.channel import Titles
from adapters.email.letter import Sender
from adapters.email.server import EmailConnection, Given
from adapters.email.smtp import Server, Smtp
from app.clock import Clock
from app.mail_settings import MailSettings
from app.settings import Settings
from bot.channel import NotSent
from store.store import Store, Unavailable
from store.tables import Case
from store.work import Work

CHATS = {"teams": "Teams", "slack": "Slack"}
PATIENCE = 5.0  # seconds


def connect(settings: Settings, store: Store, clock: Clock) -> EmailConnection | None:
    """None where nothing of mail's is set."""
    if settings.mail is None:
        return None
    return EmailConnection(given(settings, settings.mail), titles(store), lambda: clock().machine)


def given(settings: Settings, mail: MailSettings) -> Given:
    url = mail.server
    server = Server(url.host, url.port, url.user, url.password, url.implicit, url.near)
    chats = [name for field, name in CHATS.items() if getattr(settings, field) is not None]
    lmtp = (mail.lmtp_host, mail.lmtp_port) if mail.lmtp_port is not None else None
    sender = Sender(mail.sender.addr_spec, mail.sender.display_name)
    return Given(Smtp(server), sender, mail.mail_authserv_id or "", lmtp, chats)


def titles(store: Store) -> Titles:
    async def title(case: int) -> str:
        try:
            return await store.read(_subject, case, patience=PATIENCE)
        except Unavailable as error:
            raise NotSent(str(error)) from error

    return title


def _subject(work: Work, case: int) -> str:
    found: Case | None = work.glance(case, None)
    return found.subject if found else ""
