"""What Schemathesis cannot know of the service from its contract alone."""

import itertools
import re

import schemathesis

made = itertools.count()

# Faults that a schema describes: with 422 they must not be found where the schema was kept.
OF_THE_SCHEMA = {"wrong_type", "unknown_field", "duplicate_field", "unknown_value", "bad_character"}
# Faults of a query that no schema describes: with 400 no other may be found where the schema was kept. Some are rules
# between two parameters: one that begins after the other, one that is superfluous beside the other.
OF_RULES = {
    "after_end", "before_start", "in_future", "out_of_range", "superfluous",
    "years_do_not_follow", "no_such_date", "ends_before_it_begins",
}
ENTITY_TAGS = r'(?:\*|(?:W/)?"[!#-~]{0,64}"(?:, ?(?:W/)?"[!#-~]{0,64}"){0,9})'


@schemathesis.hook
def before_call(context, case, kwargs):
    """Each generated request is a new one."""
    if case.headers and re.fullmatch("[!-~]{1,255}", str(case.headers.get("Idempotency-Key", ""))):
        case.headers["Idempotency-Key"] = f"case-{next(made)}"
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # In its coverage phase it takes one entity tag that is too long for a valid one.
    if case.headers and not re.fullmatch(ENTITY_TAGS, str(case.headers.get("If-None-Match", "*"))):
        del case.headers["If-None-Match"]


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.check
def what_keeps_to_the_schema_breaks_only_rules(context, response, case):
    kept = case.meta is not None and case.meta.generation.mode.is_positive
    # A request for a token proves who asks: that it cannot is no matter of its schema.
    if not kept or response.status_code not in (400, 422) or case.path == "/v1/token":
        return
    problem = response.json()
    # That a filter names something that does not exist is no matter of its schema.
    if problem["type"] == "/problems/unknown-filter-value":
        return
    faults = problem.get("errors", [])
    if response.status_code == 422:
        wrong = [fault for fault in faults if fault["code"] in OF_THE_SCHEMA]
        assert not wrong, f"the contract allows what is refused: {wrong}"
    else:
        # A cursor comes with the page before it.
        rules = [fault for fault in faults if fault["code"] in OF_RULES or fault.get("parameter") == "cursor"]
        assert faults and rules == faults, f"the contract allows what is refused: {faults}"
