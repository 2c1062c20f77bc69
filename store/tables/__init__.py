"""Everything the product remembers. Instants are UTC: of cases in business time, of messages in machine time."""

from store.tables.cases import FIRST_CASE, Agreement, Case, CaseEvent, Draft
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

__all__ = [
    "BIG",
    "FIRST_CASE",
    "Absence",
    "Account",
    "Agreement",
    "Announced",
    "Announcement",
    "Assignment",
    "Audit",
    "Card",
    "Case",
    "CaseEvent",
    "Contract",
    "ContractChange",
    "Conversation",
    "Draft",
    "Enquiry",
    "Inbox",
    "Install",
    "LinkCode",
    "LinkProposal",
    "LinkedIdentity",
    "Outbox",
    "Person",
    "RoomEntry",
    "Rota",
    "Setting",
    "StoredArticle",
    "Tenant",
    "Tombstone",
]
