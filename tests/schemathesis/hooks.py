"""What Schemathesis cannot know of the service from its contract alone."""

import itertools
import re
from datetime import UTC, datetime

import schemathesis

made = itertools.count()

# Faults that a schema describes; what else is refused with 422 (a date that does not exist, a name that is taken
# twice) is a rule, which no schema can express.
OF_THE_SCHEMA = {"wrong_type", "unknown_field", "duplicate_field", "unknown_value", "bad_character"}
ENTITY_TAGS = r'(?:\*|(?:W/)?"[!#-~]{0,64}"(?:, ?(?:W/)?"[!#-~]{0,64}"){0,9})'


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each generated request is a new one, and follows no page before it."""
    if case.headers and re.fullmatch("[!-~]{1,255}", str(case.headers.get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = f"case-{next(made)}"
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    now = datetime.now(UTC).isoformat()
    for name, value in list((case.query or {}).items()):
        # A page comes before its cursor; and nobody can say today what will be known tomorrow.
        if name == "cursor" or (name.endswith("known_at") and str(value) > now):
            del case.query[name]
    # In its coverage phase it takes one entity tag that is too long for a valid one.
    if case.headers and not re.fullmatch(ENTITY_TAGS, str(case.headers.get("If-None-Match", "*"))):
        del case.headers["If-None-Match"]


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.check
def what_fits_the_schema_has_no_fault_of_the_schema(context, response, case):
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    faults = response.json().get("errors", [])
    wrong = [fault for fault in faults if fault.get("code") in OF_THE_SCHEMA]
    assert not wrong, f"the contract allows what is refused: {wrong}"
