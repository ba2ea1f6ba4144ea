"""What every operation of the API has in common, added to its description: the refusals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema

from assets import states as assets
from flow.states import choices
from hazards import states as hazards
from tenancy.models import Place, Unit
from workorders import states as orders

ORDER_STATES, ASSET_STATES = choices(orders.STATES), choices(assets.STATES)
URGENCIES = choices(orders.URGENCIES)
HAZARD_STATES, HAZARD_SOURCES = choices(hazards.STATES), choices(hazards.SOURCES)
PLACE_KINDS, UNIT_KINDS = Place.Kind.choices, Unit.Kind.choices
TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "errors": {"type": "object", "description": "what is wrong, by field", "additionalProperties": {}},
    },
}
REFUSALS = {
    "401": "No token, or one that is not valid",
    "403": "You may see it, but not do this",
    "404": "There is no such thing, or you may not see it",
    "409": "Somebody was faster; nothing has changed",
    "422": "Something in it is wrong: `errors` says what, by field",
}


class Token(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "accounts.authentication.RequestUserAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        text = "`Token` and the key from `POST /api/v1/auth/token/`"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": text}


class Made(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    target_class = "ui.api.Made"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> Any:
        return auto_schema._map_serializer_field(self.target.kind, direction)


def add_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Name the refusals each operation can answer with, and the parameters as they are."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            fitting = {"401", "422"}
            if method == "post" and "auth" not in path:
                fitting |= {"403"}
            if "{id}" in path:
                fitting |= {"404"}
            if "moves" in path:
                fitting |= {"409"}
            for parameter in operation.get("parameters", []):  # periods, as the pages name them
                parameter["name"] = parameter["name"].replace("_after", "_from").replace("_before", "_to")
            for status in sorted(fitting):
                operation["responses"][status] = {"description": REFUSALS[status], "content": content}
    return result
