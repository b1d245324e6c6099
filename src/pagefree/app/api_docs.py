"""A page that shows the API document without a line of script from anywhere."""

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from markupsafe import Markup, escape

router = APIRouter(include_in_schema=False)
PAGES = Environment(
    loader=PackageLoader("pagefree.app"),
    autoescape=select_autoescape(default=True),
    trim_blocks=True,
    lstrip_blocks=True,
)


CODE = re.compile(r"`([^`]+)`")


def marked(text: str) -> Markup:
    """Our own descriptions: what stands between backticks is code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 -- escaped here


PAGES.filters["marked"] = marked


@router.get("/api/docs")
async def api_docs(request: Request) -> HTMLResponse:
    """The API for people to read."""
    document = request.app.openapi()
    page = PAGES.get_template("api_docs.html")
    return HTMLResponse(
        page.render(
            info=document["info"],
            groups=_groups(document),
            schemas=document.get("components", {}).get("schemas", {}),
            type_of=type_of,
        )
    )


def _groups(document: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Operations by tag, in the order of the document."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            tag = operation.get("tags", ["other"])[0]
            told = {**operation, "method": method.upper(), "path": path}
            groups.setdefault(tag, []).append(told)
    return groups


def type_of(schema: dict[str, Any]) -> str:
    """A JSON Schema in a few words: `uuid`, `list of Incident`, `text or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(f"“{value}”" for value in schema["enum"])
    if "const" in schema:
        return f"“{schema['const']}”"
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return " or ".join(type_of(part) for part in schema[union])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    kind = str(schema.get("format") or schema.get("type") or "anything")
    return {"string": "text", "date-time": "instant"}.get(kind, kind)
