"""One mail, from what is owed: bodies, threading, and the headers by which machines know that a machine wrote it."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime

from adapters.email.ids import case_root, message_id, ours
from adapters.email.render import Bodies, first_words
from bot.channel import Outgoing, Undeliverable

LONGEST_SUBJECT = 150
IDS = ("In-Reply-To", "References")


class _Policy(EmailPolicy):
    def fold_binary(self, name: str, value: str) -> bytes:
        """Ids stay as they are: the library encodes what is longer than a line, as Exchange's are, and then no program
        finds the mail that is answered."""
        if name not in IDS:
            return super().fold_binary(name, value)
        return (f"{name}: " + "\r\n ".join(value.split()) + "\r\n").encode("ascii", "replace")


POLICY = _Policy(linesep="\r\n", cte_type="7bit")  # not every server takes eight bits


@dataclass(frozen=True)
class Sender:
    """Who we are in mail."""

    address: str
    name: str = ""

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


def letter(out: Outgoing, title: str, bodies: Bodies, sender: Sender, at: datetime) -> EmailMessage:
    """Headers are set by the standard library's policy, which refuses a line break in any of them."""
    mail, own = EmailMessage(policy=POLICY), sender.domain
    mail["Message-ID"] = message_id(out, own)
    mail["Date"] = format_datetime(at)
    mail["From"] = Address(_line(sender.name), addr_spec=sender.address)
    mail["Reply-To"] = Address(_line(sender.name), addr_spec=sender.address)
    mail["To"] = recipient(out.to.room)
    mail["Subject"] = subject(out, title)
    _thread(mail, out, own)
    mail["Auto-Submitted"] = "auto-replied" if _answers(out, own) else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Precedence"] = "auto_reply" if _answers(out, own) else "bulk"
    mail.set_content(bodies.text)
    mail.add_alternative(bodies.html, subtype="html")
    if calendar := out.message.calendar:
        method = "CANCEL" if "\r\nMETHOD:CANCEL\r\n" in calendar else "PUBLISH"
        mail.add_attachment(calendar, subtype="calendar", params={"method": method}, filename="appointment.ics")
    return mail


def recipient(room: str) -> Address:
    """Raises Undeliverable for what is no address that plain SMTP can carry."""
    name, at, domain = room.rpartition("@")
    try:
        if not (at and name.isascii()):
            raise ValueError
        return Address(addr_spec=f"{name}@{domain if domain.isascii() else domain.encode('idna').decode()}")
    except Exception:  # the header registry's own parser raises more than it says
        raise Undeliverable("this is no mail address that can be written to") from None


def subject(out: Outgoing, title: str) -> str:
    words = _line(title or first_words(out.message))[:LONGEST_SUBJECT]
    numbered = f"[#{out.case}] {words}".strip() if out.case else words
    return f"Re: {numbered}" if out.to.thread else numbered or "Support Hub"


def _thread(mail: EmailMessage, out: Outgoing, own: str) -> None:
    """What a customer's mail began goes on under it; anything else about a case under a root of the case's own."""
    thread = _line(out.to.thread)
    foreign = bool(thread) and not ours(thread, own)
    root = case_root(out.case, out.to.room, own) if out.case and not foreign else ""
    before = list(filter(None, (root, thread)))
    if before:
        mail["In-Reply-To"] = before[-1]
        mail["References"] = " ".join(before)


def _answers(out: Outgoing, own: str) -> bool:
    return bool(out.to.thread) and not ours(out.to.thread, own)


def _line(text: str) -> str:
    """Somebody's words where only one line may stand."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
