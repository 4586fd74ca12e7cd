"""The run of journey.ts with the package that openapi-python-client generates."""

import json
import os
from base64 import b64encode
from datetime import date
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from waymark_client import AuthenticatedClient
from waymark_client.api.access import create_token
from waymark_client.api.results import list_results, push_results
from waymark_client.api.status import get_status
from waymark_client.models import (
    Direction,
    GrantType,
    MeasureStatus,
    NewResult,
    NewResults,
    PlanStatus,
    Problem,
    PushAnswer,
    Rating,
    ResultRecordPage,
    Token,
    TokenRequest,
)

T = TypeVar("T")

demo: dict[str, Any] = json.loads(os.environ["WAYMARK_DEMO"])
registered: dict[str, str] = json.loads(os.environ["WAYMARK_CLIENT"])
organisation: str = demo["organisation"]


def expect(kind: type[T], answer: object) -> T:
    assert isinstance(answer, kind), answer
    return answer


# The generated function asks for an authenticated client: the service accepts HTTP Basic here.
basic = b64encode(f"{registered['id']}:{registered['secret']}".encode()).decode()
asking = AuthenticatedClient(base_url=demo["url"], token=basic, prefix="Basic")
grant = TokenRequest(grant_type=GrantType.CLIENT_CREDENTIALS)
token = expect(Token, create_token.sync(client=asking, body=grant))
client = AuthenticatedClient(base_url=demo["url"], token=token.access_token)


def lunches(as_at: date) -> MeasureStatus:
    status = expect(PlanStatus, get_status.sync(organisation, demo["plan"], client=client, as_at=as_at))
    return next(measure for measure in status.measures if measure.indicator == "NI52")


# March 2010, from the performance table: 26% rising to 33% by March 2011, two thirds elapsed, 29% reached.
before = lunches(date(2010, 3, 31))
assert (before.rating, before.actual_value) == (Rating.AMBER, 29), before

# The correction of that figure, and the next year's, which reaches the target.
figures = NewResults(
    results=[
        NewResult(indicator="NI52", period="FY2009-10", value=31),
        NewResult(indicator="NI52", period="FY2010-11", value=33.5),
    ]
)
pushed = push_results.sync(organisation, client=client, body=figures, idempotency_key="python-1")
assert expect(PushAnswer, pushed).counts.rejected == 0, pushed

# 31 is above the 30.67 expected by then; 33.5 is above the target of 33.
corrected = lunches(date(2010, 3, 31))
assert (corrected.rating, corrected.actual_value) == (Rating.GREEN, 31), corrected
after = lunches(date(2011, 3, 31))
assert (after.rating, after.actual_value) == (Rating.GREEN, 33.5), after
assert after.direction == Direction.IMPROVING, after

# Page by page there are the same results as on one page.
whole = expect(ResultRecordPage, list_results.sync(organisation, client=client, limit=500))
assert whole.next_ is None
pages = [expect(ResultRecordPage, list_results.sync(organisation, client=client, limit=40))]
while (following := pages[-1].next_) is not None:
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    pages.append(expect(ResultRecordPage, list_results.sync(organisation, client=client, limit=40, cursor=cursor)))
assert len(pages) > 1
assert [result for page in pages for result in page.items] == whole.items

# Why a push is refused is a problem that the types describe.
nothing = NewResults(results=[NewResult(indicator="NI52", period="FY2010-11")])
problem = expect(Problem, push_results.sync(organisation, client=client, body=nothing))
assert (problem.status, problem.type_) == (422, "/problems/rows-rejected"), problem
assert problem.errors, problem
assert (problem.errors[0].code, problem.errors[0].pointer) == ("no_figure", "/results/0/value"), problem

print(f"openapi-python-client: got a token, pushed, read the status, {len(pages)} pages of results and a refusal")
