"""Promise 16: whatever comes that the OpenAPI documents describe, or that breaks them, no answer is a fault.

Requests are made by Schemathesis from the document of each service of a started product, on which the example
was imported; they change it as they come. `make faults` makes more of them, and others each time.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from requests import Session
from schemathesis import Case, Response
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.schemas import OpenApiSchema

from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.unreadable import UnreadableRequest
from shared.web.language import language_of
from shared.web.problems import MEDIA_TYPE, TYPES
from tests.arabic import english_in
from tests.faults.processes import rounds
from tests.product import SERVICES, Product
from tests.property.openapi_cases import ROLES, Known, known_of, requests

pytestmark = pytest.mark.longer

EXAMPLES = rounds(4)
load_all_checks()
CONFORMS = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
    ]
)
UNAVAILABLE = 503


@dataclass
class Asked:
    """A started product, what exists there, its types of problems, and how often each status was answered."""

    product: Product
    known: Known
    problems: dict[str, dict[str, dict[str, Any]]]
    session: Session
    answered: Counter[int] = field(default_factory=Counter)

    def ask(self, case: Case) -> Response:
        """Send a request; what is only for the moment not available is asked for once more, as 503 says."""
        answer = case.call(session=self.session, timeout=60)
        if answer.status_code == UNAVAILABLE:
            answer = case.call(session=self.session, timeout=60)
        self.answered[answer.status_code] += 1
        return answer


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    with Product(tmp_path_factory.mktemp("promises") / "data").running() as product:
        office = product.caught_up()
        office.done("/notifier/subscriptions", {"subscription": "mine", "channel": "log"})
        secrets = Secrets(product.data)
        tokens = [local_token(secrets, role, f"{role}-1", department) for role, department in ROLES]
        problems = {
            service: {one["type"]: one for one in office.read(f"/{service}/problems")["items"]}
            for service in SERVICES
        }
        with Session() as session:
            session.trust_env = False
            yield Asked(product, known_of(office, tokens), problems, session)
        log = (product.data / "services.log").read_bytes().splitlines()
        errors = [line for line in map(orjson.loads, log) if line["level"] in ("error", "critical")]
        assert errors == []


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_is_asked_is_answered_as_described(asked: Asked, service: str) -> None:
    document: OpenApiSchema = schemathesis.openapi.from_url(f"{asked.product.url}/{service}/openapi.json")
    failures: list[BaseException] = []
    for result in document.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=requests(operation, asked.known))
        def answered(case: Case) -> None:
            answer = asked.ask(case)
            case.validate_response(answer, checks=CONFORMS)
            if answer.status_code >= 400:
                is_a_problem(answer, case, asked.problems[service])

        try:
            answered()
        except (Exception, FailureGroup) as failure:
            failure.add_note(operation.label)
            failures.append(failure)
    if failures:
        raise BaseExceptionGroup(service, failures)


def is_a_problem(answer: Response, case: Case, known: dict[str, dict[str, Any]]) -> None:
    """A problem document of a type that the service lists, in the language that was asked for."""
    said = f"{case.as_curl_command()}\n{answer.status_code} {answer.text}"
    assert answer.headers["content-type"] == [MEDIA_TYPE], said
    document = answer.json()
    language = language_of((case.headers or {}).get("Accept-Language"))
    if document["type"] == TYPES + UnreadableRequest.slug:
        language = answer.headers["content-language"][0]  # the header may be among what was not read
    assert answer.headers["content-language"] == [language], said
    assert document["status"] == answer.status_code < 500, said
    assert document["type"].startswith(TYPES) and document["type"] in known, said
    assert document["title"] == known[document["type"]]["title"][language], said
    assert document["detail"].strip(), said
    arabic = [error["what"]["ar"] for error in document.get("errors", ())]
    arabic += [document["title"], document["detail"]] if language == "ar" else []
    assert [text for text in arabic if english_in(text)] == [], said


def test_every_kind_of_answer_was_seen(asked: Asked) -> None:
    """Otherwise the requests were refused at the door and nothing was shown."""
    if asked.answered.total() < len(SERVICES) * EXAMPLES:
        pytest.skip("no requests were made")
    print(f"\n{asked.answered.total()} requests: {sorted(asked.answered.items())}")
    assert {200, 400, 401, 403, 404, 409, 422} <= asked.answered.keys()
