#!/usr/bin/env python3
"""Private or dated words that do not occur in what people read: the texts of the contract, and the guides.

    tests/tools/words.py

Prints each place and exits with 1 where there is one.
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = re.compile(
    r"\b(told|tells|tell apart|leans?|leant|nobody|somebody|anybody|whoever|anew|nought|lest|wherefore|believe[sd]?"
    r"|spoilt|heed(?:s|ed)?)\b|\bin vain\b|\bat fault\b|\bkept ready\b|\bat the door\b|where it is (?:missing|not given)"
    r"|\bthe way of a measure\b|\bsound rows\b|\bstands? so\b|\bstays readable\b",
    re.IGNORECASE,
)
GUIDES = ["README.md", "ARCHITECTURE.md", "API-DESIGN.md", "CONTRIBUTING.md", "openapi/README.md", "openapi/CHANGELOG.md"]
TEXTS = {"description", "summary", "title"}


def texts(value, place=""):
    """The texts of a JSON document that people read, each with its place; examples are data."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in TEXTS and isinstance(member, str):
                yield f"{place}/{name}", member
            elif name not in {"example", "examples"}:
                yield from texts(member, f"{place}/{name}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from texts(item, f"{place}/{number}")


def main():
    found = 0
    contract = json.loads((ROOT / "openapi/openapi.json").read_text(encoding="utf-8"))
    read = [(f"openapi.json{place}", text) for place, text in texts(contract)]
    for path in GUIDES + sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")):
        lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
        read += [(f"{path}:{number}", line) for number, line in enumerate(lines, 1)]
    for place, text in read:
        for word in WORDS.finditer(text):
            found += 1
            print(f"{place}: `{word[0]}` in: {text.strip()[:120]}")
    print(f"{len(read)} texts of the contract and the guides, {found} with a word to replace")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
