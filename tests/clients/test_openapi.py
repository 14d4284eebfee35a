"""schemathesis asks the running server what its OpenAPI document allows, and more: no answer may be a
fault, or one that the document does not know. The examples are bounded and always the same."""

import json
import urllib.request

import hypothesis
import openapi_spec_validator
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 12


@pytest.fixture(scope="session")
def document(server):
    with urllib.request.urlopen(f"{server.url}/api/openapi.json", timeout=10) as answer:
        return json.load(answer)


def test_the_document_is_openapi(document):
    openapi_spec_validator.validate(document)


def operations(url):
    schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
    found = [found.ok() for found in schema.get_all_operations()]
    return [operation for operation in found if operation.path != "/api/tail"]  # It has no end.


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_answers_are_those_of_the_document(server, mode):
    asked = 0
    for operation in operations(server.url):

        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        @hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
                             suppress_health_check=list(hypothesis.HealthCheck))
        def ask(case):
            nonlocal asked
            asked += 1
            case.call_and_validate(checks=CHECKS)

        try:
            ask()
        except hypothesis.errors.Unsatisfiable:
            assert mode == GenerationMode.NEGATIVE  # Nothing can be wrong with no parameters.
    assert asked > EXAMPLES
