#!/usr/bin/env python3
"""The rooms of a crate: which folder of `src` imports from which, and that the imports run one way only.

    tests/tools/rooms.py [--graph] [CRATE...]     default: every crate of RULES

A room is a folder of `src`, or a file beside them; inside a folder of NESTED each folder is a room of its own.
Imports are `use crate::...` declarations, other `crate::...` paths and `super::` paths that leave the room. A name that
the root of the crate re-exports counts for the room that it comes from. Tests do not count: neither files `tests.rs` and
folders `tests` nor what is marked `#[cfg(test)]`. A `mod` declaration is not an import, so `lib.rs` counts only for its
re-exports, and `main.rs` not at all.

With --graph the arrows are printed too. The exit status is 1 where there is a cycle between rooms, or an arrow that RULES
does not allow.
"""

import re
import sys
from pathlib import Path

WORKSPACE = Path(__file__).resolve().parents[2]

# Folders whose folders are rooms.
NESTED = {"api": {"resources"}}

# The arrows that are allowed: a room, and the rooms that it may import from. `resources/*` stands for every room of that
# folder that is not named itself. Cycles are rejected whatever the rules say.
ANY = "any"
RULES = {
    "domain": {
        "code": set(),
        "number": set(),
        "text": set(),
        "time": set(),
        "named": set(),
        "framework": {"code", "named", "number", "text", "time"},
        "access": {"code", "framework", "named"},
        "disclosure": {"code", "framework", "number", "text", "time"},
        "notation": {"framework", "number", "text", "time"},
        "rating": {"disclosure", "framework", "named", "number", "text", "time"},
        "table": {"code", "framework", "named", "notation", "number", "text", "time"},
        "workflow": {"access", "code", "framework", "named", "number", "rating", "text", "time"},
    },
    "persistence": {
        "db": set(),
        "versions": {"db"},
        "locks": {"db", "versions"},
        "replication": {"db", "versions"},
        "store": {"db", "replication", "versions"},
        "history": {"db", "locks", "versions"},
        "clients": {"db", "history"},
        "idempotency": {"db", "store"},
        "judgement": {"db", "history", "versions"},
        "submission": {"db", "history"},
        "trail": {"db", "history"},
        "jobs": {"db", "history", "submission", "trail"},
        "results": {"db", "history", "locks", "store", "submission", "versions"},
    },
    "api": {
        "settings": set(),
        "http": set(),
        "store": {"http"},
        "auth": {"http", "settings"},
        "cache": {"http"},
        "catalogue": {"http"},
        "state": {"auth", "cache", "http", "store"},
        "ops": {"http", "settings", "state"},
        "guard": {"auth", "http", "ops", "resources/token", "state", "store"},
        "workflow": {"auth", "http", "state", "store"},
        "position": {"http", "store"},
        # A resource knows another one only where it is named here.
        "resources/deletions": {"http", "resources/trackers", "results", "workflow"},
        "resources/measures": {"auth", "http", "resources/deletions", "state", "store"},
        "resources/plans": {"auth", "http", "resources/commitments", "state", "store"},
        "resources/targets": {"http", "position", "resources/measures", "workflow"},
        "resources/trackers": {"http", "position", "resources/plans", "workflow"},
        "resources/*": {"auth", "http", "position", "state", "store", "workflow"},
        "reporting": {"auth", "http", "position", "resources/*", "state"},
        "results": {"auth", "http", "settings", "state", "store"},
        "import": {"auth", "http", "state", "store"},
        "routes": {"import", "reporting", "resources/*", "results"},
        "openapi": {"http", "resources/token", "results", "routes"},
        "application": ANY,
        "cli": ANY,
    },
}

LITERALS = re.compile(
    r"""//[^\n]*|/\*.*?\*/|b?r(\#*)".*?"\1|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^'\\])'""", re.DOTALL
)
PATH = re.compile(r"(?<![\w:])((?:crate|super|self)(?:\s*::\s*(?:\w+|\{|\*))+)")
ATTRIBUTE = re.compile(r"#\[cfg\((?:test|all\(test\b[^\]]*)\)\]")


def without_literals(source):
    """The source without comments and with empty literals, so that each brace is one of the program."""
    return LITERALS.sub(lambda found: "" if found[0].startswith(("//", "/*")) else '""', source)


def matching(source, start, opening, closing):
    """The place behind the bracket that closes the one at `start`."""
    depth = 0
    for place in range(start, len(source)):
        if source[place] == opening:
            depth += 1
        elif source[place] == closing:
            depth -= 1
            if depth == 0:
                return place + 1
    return len(source)


def without_tests(source):
    """The source without the items that are marked `#[cfg(test)]`."""
    while found := ATTRIBUTE.search(source):
        place = found.end()
        while place < len(source) and source[place] not in "{;":
            place += 1
        if place < len(source) and source[place] == "{":
            place = matching(source, place, "{", "}")
            if source[place : place + 1] == ";":  # use a::{b, c};
                place += 1
        else:
            place += 1
        source = source[: found.start()] + source[place:]
    return source


def leaves(tree):
    """The paths of a `use` tree, as lists of names: `a::{b, c::d}` gives a::b and a::c::d."""
    tree = re.sub(r"\s+as\s+\w+", "", tree.strip())
    brace = tree.find("{")
    if brace < 0:
        yield [name.strip() for name in tree.split("::") if name.strip()]
        return
    head = [name.strip() for name in tree[:brace].split("::") if name.strip()]
    inside, depth, part = tree[brace + 1 : matching(tree, brace, "{", "}") - 1], 0, ""
    for letter in inside + ",":
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            if part.strip():
                for leaf in leaves(part):
                    yield head + leaf
            part = ""
        else:
            part += letter


def paths(source):
    """Every path of the source that begins with crate, super or self."""
    for found in PATH.finditer(source):
        start, end = found.span(1)
        if found[1].endswith("{"):
            end = matching(source, end - 1, "{", "}")
        yield from leaves(source[start:end])


class Crate:
    """The modules of one crate, and the rooms that they belong to."""

    def __init__(self, name):
        self.name = name
        self.root = WORKSPACE / name / "src"
        self.nested = NESTED.get(name, set())
        self.sources = {}
        for file in sorted(self.root.rglob("*.rs")):
            parts = file.relative_to(self.root).with_suffix("").parts
            if parts in (("main",), ("bin",)) or parts[0] == "bin" or "tests" in parts:
                continue
            self.sources[parts] = without_tests(without_literals(file.read_text(encoding="utf-8")))
        self.folders = {parts[:1] for parts in self.sources if parts != ("lib",)}
        self.subfolders = {parts[:2] for parts in self.sources if len(parts) > 1 and parts[1] != "mod"}
        self.exports = {}
        for leaf, name in self.declared(self.sources.get(("lib",), "")):
            self.exports[name] = leaf

    @staticmethod
    def declared(source):
        """What `use` declarations bring in: the path, and the name that it has here."""
        for declaration in re.findall(r"\buse\s+([^;]+);", source):
            renamed = dict(re.findall(r"(\w+)\s+as\s+(\w+)", declaration))
            for leaf in leaves(declaration):
                name = leaf[-1] if leaf[-1] != "self" else leaf[-2]
                yield [part for part in leaf if part != "self"], renamed.get(name, name)

    def module(self, parts):
        """The module path of a file."""
        if parts == ("lib",):
            return ()
        return parts[:-1] if parts[-1] == "mod" else parts

    def room(self, path):
        """The room that a path from the root of the crate leads to; none where it leads out of the crate."""
        seen = set()
        while path and (path[0],) not in self.folders:
            if path[0] in seen or path[0] not in self.exports:
                return None
            seen.add(path[0])
            path = self.exports[path[0]] + list(path[1:])
            if path[0] == "crate":
                path = path[1:]
        if not path:
            return None
        if path[0] in self.nested and len(path) > 1 and (path[0], path[1]) in self.subfolders:
            return f"{path[0]}/{path[1]}"
        return path[0]

    def arrows(self):
        """The rooms, each with the rooms that it imports from and the files that do so."""
        graph = {}
        for parts, source in self.sources.items():
            if parts == ("lib",):
                continue
            module = self.module(parts)
            here = self.room(list(module))
            graph.setdefault(here, {})
            for path in paths(source):
                there = self.resolve(module, path)
                if there and there != here:
                    graph[here].setdefault(there, set()).add("/".join(parts) + ".rs")
        for there in {there for arrows in graph.values() for there in arrows}:
            graph.setdefault(there, {})
        return graph

    def resolve(self, module, path):
        """The room of a path that is written in a module."""
        if path[0] == "crate":
            return self.room(path[1:])
        ups = 0
        while path and path[0] in ("super", "self"):
            ups += path[0] == "super"
            path = path[1:]
        base = list(module[: max(len(module) - ups, 0)])
        return self.room(base + path)


def components(graph):
    """The cycles of a graph: its strongly connected components of more than one room (Tarjan)."""
    numbers, low, stack, found = {}, {}, [], []

    def visit(room):
        numbers[room] = low[room] = len(numbers)
        stack.append(room)
        for there in graph[room]:
            if there not in numbers:
                visit(there)
                low[room] = min(low[room], low[there])
            elif there in stack:
                low[room] = min(low[room], numbers[there])
        if low[room] == numbers[room]:
            component = stack[stack.index(room) :]
            del stack[stack.index(room) :]
            if len(component) > 1:
                found.append(sorted(component))

    for room in sorted(graph):
        if room not in numbers:
            visit(room)
    return found


def rule(rules, room):
    """The rooms that a room may import from: ANY, a set, or None where no rule names the room."""
    return rules.get(room, rules.get(room.split("/")[0] + "/*"))


def allows(allowed, room):
    """Whether a rule allows imports from the room."""
    return allowed is ANY or room in allowed or room.split("/")[0] + "/*" in allowed


def check(name, with_graph):
    """Prints the faults of a crate, and returns how many there are."""
    graph, rules, faults = Crate(name).arrows(), RULES[name], 0
    for room in sorted(graph):
        if with_graph:
            print(f"{name}: {room} -> {', '.join(sorted(graph[room])) or '(nothing)'}")
    for cycle in components(graph):
        faults += 1
        print(f"{name}: a cycle of {len(cycle)} rooms: {', '.join(cycle)}")
        for room in cycle:
            for there in sorted(set(graph[room]) & set(cycle)):
                print(f"    {room} -> {there}: {', '.join(sorted(graph[room][there]))}")
    for room in sorted(graph):
        allowed = rule(rules, room)
        if allowed is None:
            faults += 1
            print(f"{name}: {room} has no rule in {Path(__file__).name}")
            continue
        for there in sorted(graph[room]):
            if not allows(allowed, there):
                faults += 1
                print(f"{name}: {room} must not import from {there}: {', '.join(sorted(graph[room][there]))}")
    return faults


def main(arguments):
    """Checks the crates named, or all."""
    with_graph = "--graph" in arguments
    crates = [argument for argument in arguments if argument != "--graph"] or sorted(RULES)
    unknown = [crate for crate in crates if crate not in RULES]
    if unknown:
        print(f"rooms.py: there are no rules for {', '.join(unknown)}; there are for {', '.join(sorted(RULES))}")
        return 2
    faults = sum(check(crate, with_graph) for crate in crates)
    print(f"{faults} faults in the imports of {', '.join(crates)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
