"""Everything the product remembers. Instants are UTC: of cases in business time, of messages in machine time."""

from store.tables.access import Allowance, ApiToken, Session, SignIn, Webhook
from store.tables.cases import FIRST_CASE, OWED, Agreement, Case, CaseEvent, Draft
from store.tables.columns import BIG
from store.tables.contracts import Announced, Announcement, Contract, ContractChange
from store.tables.desk import Audit, Install, RoomEntry, Setting
from store.tables.knowledge import Enquiry, StoredArticle
from store.tables.messages import Card, Conversation, Inbox, Outbox
from store.tables.people import (
    Absence,
    Account,
    Assignment,
    LinkCode,
    LinkedIdentity,
    LinkProposal,
    Person,
    Rota,
    Tenant,
    Tombstone,
)
from store.tables.together import Attachment, CaseLink, Follower, HeldAct, Incident, InTurn, SavedReply

__all__ = [
    "BIG",
    "FIRST_CASE",
    "OWED",
    "Absence",
    "Account",
    "Agreement",
    "Allowance",
    "Announced",
    "Announcement",
    "ApiToken",
    "Assignment",
    "Attachment",
    "Audit",
    "Card",
    "Case",
    "CaseEvent",
    "CaseLink",
    "Contract",
    "ContractChange",
    "Conversation",
    "Draft",
    "Enquiry",
    "Follower",
    "HeldAct",
    "InTurn",
    "Inbox",
    "Incident",
    "Install",
    "LinkCode",
    "LinkProposal",
    "LinkedIdentity",
    "Outbox",
    "Person",
    "RoomEntry",
    "Rota",
    "SavedReply",
    "Session",
    "Setting",
    "SignIn",
    "StoredArticle",
    "Tenant",
    "Tombstone",
    "Webhook",
]
