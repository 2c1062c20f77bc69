"""The OpenAPI 3.1 document: made from the rows that are served and the models that check them."""

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from adapters.api.edge import KEY
from adapters.api.models import LARGEST_NUMBER, Problem
from adapters.api.problems import MEDIA, TITLES
from adapters.api.routes import ROOT, ROUTES, Route

REF = "#/components/schemas/{model}"
ALWAYS = (401, 408, 429, 503)
WITH_BODY = (400, 403, 409, 413, 415, 422)
ABOUT = (
    "Cases of one account. A token acts as one of its nominated contacts: it sees and does what they may, and nothing "
    "that is another company's or the desk's own. What is not there and what is not yours answer alike. Every POST "
    f"names its act with an {KEY}: sent again it is done once, for thirty days."
)


@cache
def document() -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Support Hub", "version": "1.0.0", "description": ABOUT},
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
            "responses": {str(status): _problem(title) for status, title in TITLES.items()},
        },
    }


def _schemas() -> dict[str, Any]:
    given: list[tuple[type[BaseModel], JsonSchemaMode]] = [(Problem, "serialization")]
    given += [(route.answers, "serialization") for route in ROUTES]
    given += [(route.body, "validation") for route in ROUTES if route.body]
    _, made = models_json_schema(given, ref_template=REF)
    schemas: dict[str, Any] = made["$defs"]
    return schemas


def _operation(route: Route) -> dict[str, Any]:
    answered = {"description": "Done", "content": {"application/json": {"schema": _ref(route.answers)}}}
    if route.status == 201:
        answered["headers"] = {"Location": {"description": "Its own path", "schema": {"type": "string"}}}
    problems = (*ALWAYS, *(WITH_BODY if route.body else ()), *((422,) if route.query else ()), 404)
    whole: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": _parameters(route),
        "responses": {
            str(route.status): answered,
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(set(problems))},
        },
    }
    if route.body:
        content = {"application/json": {"schema": _ref(route.body)}}
        required = any(each.is_required() for each in route.body.model_fields.values())
        whole["requestBody"] = {"content": content, "required": required}
    return whole


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if route.of_case:
        number = {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER}
        found.append({"name": "number", "in": "path", "required": True, "schema": number})
    if route.writes:
        key = {"type": "string", "pattern": "^[!-~]{1,100}$"}
        found.append({"name": KEY, "in": "header", "required": True, "schema": key})
    if route.query:
        schema = route.query.model_json_schema(ref_template=REF)
        for name, each in schema["properties"].items():
            found.append({"name": name, "in": "query", "required": False, "schema": each})
    return found


def _problem(title: str) -> dict[str, Any]:
    about = {"schema": _ref(Problem)}
    return {"description": title, "content": {MEDIA: about}}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REF.format(model=model.__name__)}
