#!/usr/bin/env python3
"""The rules of the code base that no compiler and no linter has.

    tests/tools/house.py

1. A Rust file has at most 400 lines, and a function at most 60; the table of routes is one function.
2. A module with modules of its own is `x/mod.rs`, never `x.rs` beside `x/`.
3. Transactions are opened in the places of TRANSACTIONS only.
4. What a failure is, is never read from the text of its message, except where the database reports nothing else.
5. Each operation is registered exactly once in `api/src/routes.rs`.
6. The words that were replaced do not come back, in sources, scripts and documents.

Prints each place and exits with 1 where there is one.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 60
ROUTES = "api/src/routes.rs"
LONG_FUNCTIONS = {(ROUTES, "v1")}

# Where a transaction may be opened. The other code is given a connection, and is inside one.
TRANSACTIONS = {
    "persistence/src/db/connection.rs",  # the only place that begins and ends one
    "persistence/src/db/dry_run.rs",  # rolled back always
    "persistence/src/store.rs",
    "persistence/src/idempotency.rs",  # takes the key before, and records the failure after the work
    "persistence/src/results/optimistic.rs",  # a savepoint: rows that are not new are found by inserting them
    "persistence/src/results/store.rs",  # the same
    "api/src/catalogue.rs",
    "api/src/cli/mod.rs",
    "api/src/cli/demo/mod.rs",
    "api/src/results/jobs/work.rs",  # a queued push has no request
    "api/src/results/jobs/worker.rs",
    "api/src/results/read/export/mod.rs",  # one snapshot for a whole file
    "api/src/results/submissions/mod.rs",  # the queue is cancelled in a transaction of its own
    "api/src/state/cached.rs",
    "api/src/state/clients.rs",
    "api/src/state/mod.rs",  # every handler that reads or writes
    "api/src/resources/token/mod.rs",
    "api/src/workflow/idempotency.rs",  # every handler that repeats nothing
}
OPENS_A_TRANSACTION = re.compile(
    r"\btransaction\(|\b(?:begin|commit|rollback)_transaction\w*\(|\bread_where\(|\bwrite_and\("
    r"|\bstore\.(?:read|write)\(|\.(?:read|write)\(\|"
)

# Where the text of a message may decide: SQLite and libpq report some failures by their words alone.
MESSAGES = {"persistence/src/db/error.rs"}
READS_A_MESSAGE = re.compile(
    r"(?:\.to_string\(\)|\.message\(\)|\.detail\(\)|\b(?:message|detail))"
    r"\s*(?:\.as_str\(\)|\.as_deref\(\)|\.to_lowercase\(\)|\.to_ascii_lowercase\(\))*"
    r"\s*\.(?:contains|starts_with|ends_with|strip_prefix|strip_suffix|find)\("
)

# Handlers outside the contract, which `application.rs` registers.
OUTSIDE_THE_CONTRACT = ("api/src/openapi/", "api/src/ops/")
OPERATION = re.compile(r"^#\[(?:get|post|put|patch|delete|route)\(", re.MULTILINE)
HANDLER = re.compile(r"\bfn (\w+)")
REGISTERED = re.compile(r"\.service\(([\w:]+)\)")

# A word in an identifier counts as well: `is_told`, `Untold`.
WORDS = re.compile(
    r"(?<![a-z])(?:un)?told(?![a-z])|(?<![a-z])(?:tells|leant|nobody|somebody|whoever|anew|noughts?|lest|wherefore"
    r"|spoilt|believe[sd]?|anybody|heed(?:s|ed)?)(?![a-z])|\bleans? on\b|\bin vain\b|\bat fault\b|\bkept ready\b"
    r"|\bat the door\b|\btell apart\b|\bthe way of a measure\b|\bsound rows\b",
    re.IGNORECASE,
)
READ = {".rs", ".py", ".sh", ".ts", ".mjs", ".md", ".sql", ".toml", ".yaml"}
NOT_READ = ("openapi/released/", "openapi/CHANGELOG.md", "tests/tools/house.py", "tests/tools/words.py")
# `nobody` is also a user of Unix, and an applied migration keeps its bytes.
EXCEPT = {("bench/src/process.rs", "nobody"), ("tests/tools/scratch.sh", "nobody")}
MIGRATIONS = "persistence/migrations/"


def is_test(path):
    """Whether a Rust file holds tests only."""
    parts = Path(path).parts
    return parts[0] in {"tests", "bench"} or "tests" in parts or "benches" in parts or parts[-1].endswith("tests.rs")


def program(lines):
    """The lines of a file up to its unit tests, without comments, each with its number."""
    for number, line in enumerate(lines, 1):
        if line.startswith("#[cfg(test)]") and number < len(lines) and lines[number].startswith("mod "):
            return
        if not line.lstrip().startswith("//"):
            yield number, line


def sizes(path, lines):
    """A file or a function that is too long. rustfmt puts the brace that ends a function below its first letter."""
    if len(lines) > MOST_LINES_OF_A_FILE:
        yield 1, f"{len(lines)} lines; a file has at most {MOST_LINES_OF_A_FILE}"
    open_functions = []
    for number, line in enumerate(lines, 1):
        begins = re.match(r"( *)(?:pub(?:\([^)]*\))? |default |const |async |unsafe |extern \"C\" )*fn (\w+)", line)
        if begins and not line.rstrip().endswith((";", "}")):
            open_functions.append((begins[1], begins[2], number))
        if not open_functions:
            continue
        indent, name, first = open_functions[-1]
        has_no_body = line.startswith(indent + ")") and line.rstrip().endswith(";")
        if has_no_body or line.rstrip() == indent + "}":
            open_functions.pop()
            length = number - first + 1
            if length > MOST_LINES_OF_A_FUNCTION and (path, name) not in LONG_FUNCTIONS:
                yield first, f"`{name}` has {length} lines; a function has at most {MOST_LINES_OF_A_FUNCTION}"


def style_of_module(path):
    if (ROOT / path).with_suffix("").is_dir():
        yield 1, f"a file beside its folder: move it to {path.removesuffix('.rs')}/mod.rs"


def transactions(path, lines):
    if not is_test(path) and path not in TRANSACTIONS:
        for number, line in program(lines):
            if OPENS_A_TRANSACTION.search(line) and not re.search(r"\bfn \w+", line):
                yield number, "opens a transaction in a place that is not listed"


def messages(path, lines):
    if not is_test(path) and path not in MESSAGES:
        text = "\n".join(line for _, line in program(lines))
        numbers = [number for number, _ in program(lines)]
        for found in READS_A_MESSAGE.finditer(text):
            yield numbers[text.count("\n", 0, found.start())], "decides by the text of a message"


def words(path, lines):
    for number, line in enumerate(lines, 1):
        for word in WORDS.finditer(line):
            if (path, word[0].lower()) not in EXCEPT:
                yield number, f"`{word[0]}` in: {line.strip()[:100]}"


def registrations(sources):
    """Each operation of the contract stands once in the table of routes, and the table has nothing else."""
    handlers = Counter()
    places = {}
    for path, lines in sources.items():
        if not path.startswith("api/src/") or path.startswith(OUTSIDE_THE_CONTRACT):
            continue
        text = "\n".join(lines)
        for found in OPERATION.finditer(text):
            name = HANDLER.search(text, found.end())[1]
            handlers[name] += 1
            places[name] = (path, text.count("\n", 0, found.start()) + 1)
    table = "\n".join(sources[ROUTES])
    registered = Counter(path.rsplit("::", 1)[-1] for path in REGISTERED.findall(table))
    for name in sorted(set(handlers) | set(registered)):
        if handlers[name] != registered[name]:
            path, number = places.get(name, (ROUTES, 1))
            yield path, number, f"`{name}` is defined {handlers[name]} times and registered {registered[name]} times"


def main():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    sources, found, read = {}, [], 0
    for path in filter(None, listed.split("\0")):
        is_script = path in {"tests/run", "tests/typescript/build"}
        if not (Path(path).suffix in READ or is_script) or not (ROOT / path).is_file():
            continue
        read += 1
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        if path.endswith(".rs"):
            sources[path] = lines
            found += [(path, *fault) for rule in (sizes, transactions, messages) for fault in rule(path, lines)]
            found += [(path, *fault) for fault in style_of_module(path)]
        if not path.startswith(NOT_READ) and not path.startswith(MIGRATIONS):
            found += [(path, *fault) for fault in words(path, lines)]
    found += registrations(sources)
    found += [
        (path, 1, "is listed as a place of transactions, and opens none")
        for path in sorted(TRANSACTIONS)
        if path not in sources or not any(OPENS_A_TRANSACTION.search(line) for _, line in program(sources[path]))
    ]
    for path, number, text in sorted(found):
        print(f"{path}:{number}: {text}")
    print(f"{read} files, {len(found)} places against the rules of the house")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
