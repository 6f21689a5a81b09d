"""Reads the source of the house and measures it against rules about direction.

Owns the walk over the syntax trees and the kinds of rule; the rules themselves stand in
`test_architecture.py`. Knows nothing of Django and imports nothing of the archive, so that it can
also be turned on a tree of planted violations.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

ROOMS = ("config", "archive", "search", "media", "tests", "benchmarks")


@dataclass(frozen=True)
class Import:
    """One name that a file imports: `from a.b import c` gives both `a.b` and `a.b.c`."""

    name: str
    line: int
    left_side: bool = False  # the `a.b` of `from a.b import c`


@dataclass(frozen=True)
class Source:
    """One file: its path from the root of the house, and what it says."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """Its dotted name, as others import it."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def imports(self) -> list[Import]:
        """Every import, also inside functions and under TYPE_CHECKING."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [Import(alias.name, node.lineno) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                found.append(Import(base, node.lineno, left_side=True))
                found += [Import(f"{base}.{alias.name}", node.lineno) for alias in node.names]
            elif (called := _imported_by_call(node)) is not None:
                found.append(called)
        return found

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.module.split(".")
        climb = node.level - (1 if self.path.endswith("__init__.py") else 0)
        return ".".join(package[: len(package) - climb] + ([node.module] if node.module else []))

    @property
    def calls(self) -> Iterator[ast.Call]:
        """Every call in the file."""
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def _imported_by_call(node: ast.AST) -> Import | None:
    """`import_module("a.b")` with the name written out walks round no rule either."""
    if not (isinstance(node, ast.Call) and node.args):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    said = node.args[0]
    if name in ("import_module", "__import__", "import_string") and isinstance(said, ast.Constant):
        return Import(str(said.value), node.lineno)
    return None


@dataclass(frozen=True)
class Violation:
    """One line that breaks a rule."""

    rule: str
    path: str
    line: int
    what: str
    because: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.because} [{self.rule}]"


class House:
    """All the Python files below a root."""

    def __init__(self, root: Path) -> None:
        self.sources = [
            Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
            for room in ROOMS
            for path in sorted((root / room).rglob("*.py"))
        ]
        self.by_module = {source.module: source for source in self.sources}

    def matching(self, patterns: Iterable[str], but: Iterable[str] = ()) -> Iterator[Source]:
        """Files whose path matches one of the patterns (`*` also crosses folders) and no exception."""
        for source in self.sources:
            if _any(source.path, patterns) and not _any(source.path, but):
                yield source


def _any(path: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def is_below(name: str, roots: Iterable[str]) -> bool:
    """Whether a dotted name is one of the roots or lies inside one."""
    return any(name == root or name.startswith(root + ".") for root in roots)


@dataclass(frozen=True)
class NeverImports:
    """Files that match `files` import nothing of `names`, except what `allowed` lists.

    `through` follows imports inside the house as well, so that no third module can carry what the
    file may not have.
    """

    rule: str
    files: tuple[str, ...]
    names: tuple[str, ...]
    because: str
    but: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    through: bool = False

    def violations(self, house: House) -> Iterator[Violation]:
        for source in house.matching(self.files, self.but):
            chains = self._chains(house, source) if self.through else self._direct(source)
            for line, chain in chains:
                what = f"imports {' → '.join(chain)}"
                yield Violation(self.rule, source.path, line, what, self.because)

    def _forbidden(self, name: str) -> bool:
        return is_below(name, self.names) and not is_below(name, self.allowed)

    def _direct(self, source: Source) -> Iterator[tuple[int, list[str]]]:
        # `from media import photos` also names `media`; the package alone carries nothing.
        packages = {name.rpartition(".")[0] for name in self.allowed}
        for each in source.imports:
            only_on_the_way = each.left_side and each.name in packages
            if self._forbidden(each.name) and not only_on_the_way:
                yield each.line, [each.name]

    def _chains(self, house: House, source: Source) -> Iterator[tuple[int, list[str]]]:
        for each in source.imports:
            chain = self._carries(house, each.name, frozenset({source.module}))
            if chain:
                yield each.line, chain

    def _carries(self, house: House, name: str, seen: frozenset[str]) -> list[str] | None:
        """The way from a name to something forbidden, or None."""
        if self._forbidden(name):
            return [name]
        target = house.by_module.get(name)
        # A package's own __init__ makes Django see its models; it hands nothing on.
        if target is None or name in seen or target.path.endswith("__init__.py"):
            return None
        for each in target.imports:
            rest = self._carries(house, each.name, seen | {name})
            if rest:
                return [name, *rest]
        return None


@dataclass(frozen=True)
class NeverCalls:
    """Files that match `files` contain no call that `forbidden` recognises."""

    rule: str
    files: tuple[str, ...]
    forbidden: Callable[[ast.Call], str | None]  # what it is called, or None
    because: str
    but: tuple[str, ...] = ()

    def violations(self, house: House) -> Iterator[Violation]:
        for source in house.matching(self.files, self.but):
            for call in source.calls:
                what = self.forbidden(call)
                if what:
                    yield Violation(
                        self.rule, source.path, call.lineno, f"calls {what}", self.because
                    )


@dataclass(frozen=True)
class NeverNamed:
    """No folder or module bears one of these names."""

    rule: str
    names: tuple[str, ...]
    because: str

    def violations(self, house: House) -> Iterator[Violation]:
        for source in house.sources:
            for part in source.module.split("."):
                if part in self.names:
                    yield Violation(self.rule, source.path, 1, f"is named {part}", self.because)


Rule = NeverImports | NeverCalls | NeverNamed


def writes_rows(call: ast.Call) -> str | None:
    """A call that writes database rows, as far as syntax can tell.

    `save`, `create`, `bulk_…` and their like always; `delete()` without and `update(…)` with
    nothing but keywords, as querysets take them and dictionaries and caches hardly do; `add`,
    `set`, `remove`, `clear` on the many-to-many fields of a story; raw SQL; work put in the queue.
    """
    if not isinstance(call.func, ast.Attribute):
        return None
    name = call.func.attr
    owner = call.func.value
    if isinstance(owner, ast.Attribute) and owner.attr == "session":
        return None
    always = {"save", "create", "get_or_create", "update_or_create", "execute", "enqueue"}
    written = (
        name in always
        or name.startswith("bulk_")
        or (name == "delete" and not call.args and not call.keywords)
        or (name == "update" and bool(call.keywords) and not call.args)
        or (
            name in {"add", "set", "remove", "clear"}
            and isinstance(owner, ast.Attribute)
            and owner.attr in {"themes", "campaigns"}
        )
    )
    return f".{name}()" if written else None


def opens_the_gallery(call: ast.Call) -> str | None:
    """`photos.release` and `photos.revoke`, under whatever name they were imported."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return f"{name}()" if name in {"release", "revoke"} else None
