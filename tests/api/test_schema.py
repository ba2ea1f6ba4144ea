"""The description of the API is valid, and answers keep what it promises."""

import jsonschema
import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from tests.api.conftest import ROOT, program
from tests.api.test_resources import RESOURCES, things  # noqa: F401  the fixture

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def schema():
    return SchemaGenerator().get_schema(request=None, public=True)


def strict(part):
    """OpenAPI 3.0 as JSON Schema: `nullable` becomes null, and nothing undescribed may stand in an object."""
    if isinstance(part, list):
        return [strict(item) for item in part]
    if not isinstance(part, dict):
        return part
    part = {key: strict(value) for key, value in part.items()}
    if part.get("type") == "object" and "properties" in part:
        part.setdefault("additionalProperties", False)
    return {"anyOf": [part, {"type": "null"}]} if part.pop("nullable", False) else part


def fits(schema, path, method, status, body):
    answer = schema["paths"][path][method]["responses"][str(status)]["content"]
    wanted = strict({**next(iter(answer.values()))["schema"], "components": schema["components"]})
    jsonschema.validate(body, wanted)


def test_schema_is_valid(schema):
    validate_schema(schema)


def test_schema_and_page_need_no_token(client):
    assert client.get(f"{ROOT}/schema/").status_code == 200
    assert client.get(f"{ROOT}/docs/").status_code == 200


@pytest.mark.parametrize("resource", RESOURCES)
def test_answers_fit_the_schema(world, things, schema, resource):  # noqa: F811
    client, pk = program(world.dan), things[resource].pk

    fits(schema, f"{ROOT}/{resource}/", "get", 200, client.get(f"{ROOT}/{resource}/?page_size=1").json())
    fits(schema, f"{ROOT}/{resource}/{{id}}/", "get", 200, client.get(f"{ROOT}/{resource}/{pk}/").json())
    fits(schema, f"{ROOT}/{resource}/{{id}}/", "get", 404, client.get(f"{ROOT}/{resource}/0/").json())
    fits(schema, f"{ROOT}/{resource}/", "get", 401, APIClient().get(f"{ROOT}/{resource}/").json())
    fits(schema, f"{ROOT}/{resource}/", "get", 422, client.get(f"{ROOT}/{resource}/?page_size=0").json())
