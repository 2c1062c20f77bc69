"""Articles to search among."""

import knowledge
from bot.understanding.articles import Article, read_folder
from bot.understanding.search import Found, Knowledge

SHIPPED = read_folder(knowledge.FOLDER)
DESK = Knowledge(SHIPPED)
QUESTIONS = {
    "share-a-view": [
        "how do I share a view with my team",
        "my colleague cannot see the view I made",
        "How can I give somebody else the list I filtered?",
    ],
    "personal-and-system-views": [
        "what is the difference between my views and system views",
        "how do i change my default view",
    ],
    "find-with-advanced-filters": ["find all accounts without activities this year", "where did advanced find go?"],
    "search-for-records": [
        "the search box doesn't find my contact",
        "can I search for part of a name with a wildcard",
    ],
    "export-to-excel": [
        "How do I export to Excel?",
        "I need this list in a spreadsheet",
        "is there a limit of rows when I export",
    ],
    "import-data": ["How do I import contacts from a csv file", "some rows failed in my import, why"],
    "merge-duplicates": ["the same customer is in there twice", "how to merge two accounts"],
    "duplicate-detection": ["why do I get a duplicate warning when saving"],
    "sign-in-and-password": ["I forgot my password", "I can't log in, my account is locked"],
    "dashboards": ["create a dashboard for my manager", "how can I make a dashboard my home page"],
    "charts": ["how do i make a pie chart of cases by priority"],
    "quick-create": ["where is the plus button to add a contact quickly", "What is quick create?"],
    "business-process-flow": ["I can't move to the next stage", "the process bar is stuck in the first stage"],
    "email-templates": ["how do I make an email template", "change my email signature"],
    "track-email-in-outlook": ["how do I track an email in Outlook", "the dynamics add-in disappeared from outlook"],
    "mobile-app": ["Can I use CRM on my iPhone?", "working offline on a tablet"],
    "security-roles-and-teams": ["who can I ask for more permissions", "It says I don't have a security role"],
    "share-or-assign-a-record": ["assign all my accounts to a colleague", "How do I change the owner of a record?"],
    "activities-and-follow-ups": ["schedule a follow-up call", "how do I set a reminder for a task"],
    "edit-many-records": ["change the city of many contacts at once", "bulk update of records"],
    "word-templates-and-printing": ["how do i print a quote", "create a word template"],
    "close-a-case": ["How do I close a case in Dynamics", "how to reopen a resolved case"],
    "close-an-opportunity": ["how do I mark an opportunity as lost"],
    "qualify-a-lead": ["convert a lead into an opportunity"],
    "queues": ["how do I pick something from a queue"],
    "notes-and-attachments": ["attach a file to an account", "my file is too large to upload"],
    "personal-settings": ["my time zone is wrong", "how do I change the language to French"],
    "page-is-slow-or-blank": ["the page is blank when I open a record", "dynamics is very slow today"],
    "deactivate-or-delete": ["I deleted a contact by mistake, can I get it back"],
    "who-changed-this-record": ["how can I see who changed a record"],
    "report-a-problem-well": ["what information do you need when I report a problem"],
    "terrasoft-updates": ["how do we update Terrasoft CRM to the new version"],
    "terrasoft-backup": ["how do I make a backup of the terrasoft database", "restore a copy from last night"],
    "terrasoft-replication": ["data does not arrive in the branch office"],
    "terrasoft-reports": ["how to change a report in terrasoft"],
    "terrasoft-import": ["import contacts into terrasoft"],
    "terrasoft-sign-in": ["nobody can sign in to terrasoft this morning", "terrasoft does not accept my password"],
    "terrasoft-find-and-filter": ["how do I filter the list of companies in terrasoft", "keep a filter as a group"],
    "terrasoft-access-rights": ["my colleague cannot see a section in terrasoft", "give a role access rights"],
    "terrasoft-mobile": ["the terrasoft app on my tablet shows old data", "synchronise my phone"],
    "timeline": ["where do I see the history of calls with a customer", "filter the timeline"],
    "quotes-and-prices": ["how do I make a quote", "change a quote that was sent", "add a discount to a quote"],
    "appointments-and-calendar": ["schedule a meeting every week", "my appointment is not in the calendar"],
    "cannot-save-a-record": ["why can't I save this record", "the form is read-only"],
    "parent-and-related-accounts": ["how do I set the parent account", "connect two contacts with each other"],
    "excel-templates": ["how do I make an excel template", "use the same pivot table every month"],
    "how-your-case-goes": ["who closes my case", "how do I see the status of my ticket"],
}
ASKED = [(question, article) for article, questions in QUESTIONS.items() for question in questions]


def ids(found: Found) -> list[str]:
    return [hit.article.id for hit in found.hits]


def article(id: str, title: str, body: str = "", tags: tuple[str, ...] = (), account: str | None = None) -> Article:
    return Article(id, title, tags, body, account=account)
