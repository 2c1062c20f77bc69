"""Every English sentence that can be said, found in the source: what each catalogue has to translate."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import adapters
import bot
from adapters.portal.customers import SHOWS
from adapters.portal.edge import SAYS
from adapters.portal.pages import TEMPLATES
from bot import text
from bot.text.help import _HELP

ROOT = Path(bot.__file__).parent.parent
FIRST = {"say": (0,), "Sentence": (0,), "several": (0, 1), "translated": (1,), "counted": (1, 2), "Tab": (1,)}
"""Which arguments of a call are sentences."""
ON_PAGES = {"Refused": (1,)}
"""The same in the portal alone."""
FROM_TABLES = {"words", "does", "title", "settled", "template"}
"""What such a call may be given besides: each comes from a table."""
SEAM = {"wording.py", "languages.py"}
Plural = tuple[str, str]


def sentences() -> tuple[set[str], set[Plural]]:
    """Those with one form, and those whose form depends on a number."""
    found, plurals = tables()
    for path in (*Path(bot.__file__).parent.rglob("*.py"), *Path(adapters.__file__).parent.rglob("*.py")):
        for each in Source(path).read() if path.name not in SEAM else ():
            if isinstance(each, tuple):
                plurals.add(each)
            else:
                found.add(each)
    pages, counted_pages = templates()
    found, plurals = found | pages, plurals | counted_pages
    return found - {""} - {one for one, _ in plurals}, plurals


def templates() -> tuple[set[str], set[Plural]]:
    """The portal's pages have their words in place."""
    found, plurals = {*SHOWS.values(), *SAYS.values()}, set()
    for path in TEMPLATES.glob("*.html"):
        text = path.read_text()
        found |= set(re.findall(r'(?<!\w)t\("([^"]+)"', text))
        plurals |= set(re.findall(r'(?<!\w)n\("([^"]+)", "([^"]+)"', text))
    return found, plurals


def tables() -> tuple[set[str], set[Plural]]:
    """Words kept by what they are for."""
    found = {does for lines in _HELP.values() for _, does in lines}
    for each in pkgutil.iter_modules(text.__path__):
        module = importlib.import_module(f"bot.text.{each.name}")
        for table in (it for name, it in vars(module).items() if isinstance(it, Mapping) and not name.startswith("__")):
            for value in table.values():
                first = value[0] if isinstance(value, tuple) else value
                found |= {first} if isinstance(first, str) else set()
    from bot import figures

    return found, {*figures.HOURS.values(), *figures.MINUTES.values()}


class Source:
    """One module."""

    def __init__(self, path: Path) -> None:
        self.path, self.tree = path, ast.parse(path.read_text())
        self.within: dict[ast.AST, ast.AST] = {}
        for function in ast.walk(self.tree):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for node in ast.walk(function):
                    self.within[node] = function

    def read(self) -> Iterator[str | Plural]:
        said = self.path.parent.name == "text"
        for node in ast.walk(self.tree):
            first = FIRST | (ON_PAGES if self.path.parent.name == "portal" else {})
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in first:
                yield from self._called(node, first[node.func.id])
            elif said and isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
                match node.elts:
                    case [name, _]:
                        yield from self._labelled(name)
                    case [ast.Constant(str(words)), _, ast.Constant("normal" | "primary" | "danger")]:
                        yield words  # a button, with its line and its looks

    def _called(self, call: ast.Call, which: tuple[int, ...]) -> Iterator[str | Plural]:
        if any(isinstance(argument, ast.Starred) for argument in call.args):
            return  # a pair out of a table
        given = [list(self._strings(call.args[n])) for n in which if n < len(call.args)]
        if len(given) == 2 and all(given):
            yield from zip(*given, strict=True)
        elif given:
            yield from given[0]

    def _labelled(self, name: ast.expr) -> Iterator[str]:
        """``("Status", say(...))`` is a row of a table, ``("My cases", "cases")`` a button; lines begin small."""
        if isinstance(name, ast.Constant | ast.Name) and not (isinstance(name, ast.Name) and name.id == "_LANGUAGE"):
            strings = self._strings(name, strict=False)
            yield from (each for each in strings if each[:1].isupper() and " " in f"{each} " and each != each.upper())

    def _strings(self, node: ast.expr, strict: bool = True) -> Iterator[str]:
        match node:
            case ast.Constant(str(value)):
                yield value
            case ast.IfExp(body=one, orelse=other):
                yield from (*self._strings(one, strict), *self._strings(other, strict))
            case ast.Call(func=ast.Attribute(attr="get"), args=[_, ast.Constant(str(otherwise))]):
                yield otherwise
            case ast.Call(func=ast.Attribute(attr="join")):
                pass  # a list of values has no words
            case ast.BinOp() if strict:
                raise AssertionError(f"{self.path}:{node.lineno}: a sentence that is put together has no translation")
            case ast.Name(name) if isinstance(constant := self._constant(name), str):
                yield constant
            case ast.Name(name) if assigned := self._assigned(node, name):
                for each in assigned:
                    yield from self._strings(each, strict)
            case _ if strict and ast.unparse(node).partition("[")[0].partition(".get")[0] not in FROM_TABLES:
                source = ast.unparse(node).partition("[")[0].partition(".get")[0].lstrip("_")
                assert source.isupper(), f"{self.path}:{node.lineno}: which sentence is {ast.unparse(node)}?"

    def _constant(self, name: str) -> object:
        """What a name in capitals stands for, wherever it is defined."""
        module = ".".join(self.path.relative_to(ROOT).with_suffix("").parts)
        return getattr(importlib.import_module(module), name, None) if name.isupper() else None

    def _assigned(self, node: ast.AST, name: str) -> list[ast.expr]:
        """What that variable is set to, in the same function or for the whole module."""
        around = self.within.get(node, self.tree)
        found = self._assignments(around, name) or self._assignments(self.tree, name)
        return [each for each in found if isinstance(each, ast.Constant | ast.IfExp)]

    def _assignments(self, around: ast.AST, name: str) -> list[ast.expr]:
        found: list[ast.expr] = []
        for node in ast.walk(around):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name) and target.id == name:
                        found.append(node.value)
                    elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                        pairs = zip(target.elts, node.value.elts, strict=True)
                        found += [value for to, value in pairs if isinstance(to, ast.Name) and to.id == name]
        return found
