"""A page of the portal as a person reads it: its words as plain lines, its buttons with what they say, its forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from tests.contract.seeing import Seen

VOID = {"input", "meta", "link", "img", "br", "option"}


@dataclass
class Node:
    tag: str
    attributes: dict[str, str]
    children: list["Node | str"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    def all(self, tag: str = "", kind: str = "") -> list["Node"]:
        found = []
        for child in self.children:
            if isinstance(child, Node):
                if (not tag or child.tag == tag) and (not kind or kind in child.classes):
                    found.append(child)
                found += child.all(tag, kind)
        return found

    def strings(self) -> list[str]:
        return [it for child in self.children for it in ([child] if isinstance(child, str) else child.strings())]

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.path = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.path[-1].children.append(node)
        if tag not in VOID:
            self.path.append(node)

    def handle_endtag(self, tag: str) -> None:
        if tag == "option":  # with words or without
            return
        assert self.path[-1].tag == tag, f"</{tag}> ends <{self.path[-1].tag}>"
        self.path.pop()

    def handle_data(self, data: str) -> None:
        self.path[-1].children.append(data)


@dataclass
class Form:
    action: str
    fields: dict[str, str]
    label: str


@dataclass
class Page:
    status: int
    path: str
    headers: dict[str, str]
    text: str
    root: Node

    @property
    def words(self) -> str:
        return " ".join(self.root.all("main")[0].text.split())

    @property
    def apart(self) -> str:
        """The same with a space between elements, as it is read aloud."""
        return " ".join(" ".join(self.root.all("main")[0].strings()).split())

    @property
    def forms(self) -> list[Form]:
        return [_form(node) for node in self.root.all("form")]

    def form(self, label: str) -> Form:
        """By what its button says, or where it goes."""
        found = [form for form in self.forms if label in form.label or form.action == label]
        assert found, f"no form {label}, but {[form.label for form in self.forms]}"
        return found[0]

    @property
    def said(self) -> list[Seen]:
        """What the bot said in a conversation."""
        return [seen(node) for line in self.root.all("li", "bot") for node in line.all("div", "message")]

    @property
    def answer(self) -> str:
        found = self.root.all("section", "answer")
        return seen(found[0].all("div", "message")[0]).text if found else ""


def read(status: int, path: str, headers: dict[str, str], text: str) -> Page:
    tree = _Tree()
    tree.feed(text)
    tree.close()
    assert tree.path == [tree.root] or not text.startswith("<!doctype"), f"unclosed: {tree.path[-1].tag}"
    return Page(status, path, headers, text, tree.root)


def _form(node: Node) -> Form:
    fields = {}
    for each in node.all("input"):
        if each.attributes.get("type") != "radio" or "checked" in each.attributes:
            fields[each.attributes["name"]] = each.attributes.get("value", "")
        else:
            fields.setdefault(each.attributes["name"], "")
    fields |= {each.attributes["name"]: each.text for each in node.all("textarea")}
    fields |= {each.attributes["name"]: each.all("option")[0].attributes["value"] for each in node.all("select")}
    return Form(node.attributes.get("action", ""), fields, " ".join(node.all("button")[0].text.split()))


def seen(message: Node) -> Seen:
    """In the reference rendering's words (bot.plain)."""
    parts = [child for child in message.children if isinstance(child, Node)]
    return Seen("\n".join(map(_part, parts)), tuple(_button(node) for node in _buttons(message)))


def _part(node: Node) -> str:
    match node.tag:
        case "dl":
            return "\n".join(_fact(each) for each in node.all("div"))
        case "figure" if "picture" in node.classes:
            return node.all("img")[0].attributes["alt"]
        case "figure":
            [head], [words] = node.all("figcaption"), node.all("blockquote")
            return f"{head.text.strip()}{_colon(node)}\n" + "\n".join(f"> {line}" for line in words.text.splitlines())
        case "ul":
            return "\n".join(_item(each) for each in node.all("li"))
        case "div" if "buttons" in node.classes:
            return " ".join(f"[{_button(each)[0]}]" for each in _buttons(node))
        case "div":
            return node.all("p")[0].text
    return node.text


def _fact(node: Node) -> str:
    [name], [value] = node.all("dt"), node.all("dd")
    return f"{name.text}{_colon(node)} {value.text}"


def _colon(node: Node) -> str:
    return node.attributes.get("data-colon", ":")


def _item(node: Node) -> str:
    buttons = "".join(f" [{_button(each)[0]}]" for each in _buttons(node))
    return f"- {node.all('span', 'says')[0].text}{buttons}"


def _buttons(node: Node) -> list[Node]:
    return [each for each in node.all() if each.tag == "form" or (each.tag == "a" and "button" in each.classes)]


def _button(node: Node) -> tuple[str, str]:
    """Its label, and the line that it says."""
    if node.tag == "a":
        return node.text, node.attributes["data-line"]
    return node.all("button")[0].text, _form(node).fields["line"]
