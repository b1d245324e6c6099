"""Forms with their templates filled in, each text escaped for where it goes."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from pagefree.actions.base import Form
from pagefree.core.errors import Invalid
from pagefree.infra.template_budget import one_budget
from pagefree.infra.templates import fill_in, names_in
from pagefree.workflows.content import WorkflowNode, form_of, properties

MASK = "•••"
SHORTEST_MASKED = 4  # characters: shorter ones would hide half of the text
MARKDOWN = re.compile(r"([\\`*_\[\]<>#])")
SECRET = re.compile(r"^secrets\.([A-Za-z][A-Za-z0-9_]{0,63})$")

Escape = Callable[[str], str]


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


ESCAPES: Mapping[str, Escape] = {
    "slack": _slack,
    "markdown": lambda text: MARKDOWN.sub(r"\\\1", text),
    "url": lambda text: quote(text, safe=""),
}


def templates_of(node: WorkflowNode) -> Iterator[tuple[str, str]]:
    """Every template in the node's form, with the name of its field."""
    form = form_of(node)
    shown = properties(form) if form else {}
    for name, value in node.config.items():
        if _is_template(shown.get(name, {})):
            yield from ((name, text) for text in _texts(value))


def secrets_of(node: WorkflowNode) -> frozenset[str]:
    """The names of the secrets that the node's form speaks of."""
    form = form_of(node)
    shown = properties(form) if form else {}
    named = {
        value
        for name, value in node.config.items()
        if _is_secret(shown.get(name, {})) and isinstance(value, str) and value
    }
    for _, text in templates_of(node):
        found = (SECRET.match(path) for path in names_in(text))
        named.update(match[1] for match in found if match)
    return frozenset(named)


def filled(node: WorkflowNode, facts: Mapping[str, object]) -> Form:
    """The node's form with `facts` in its templates. Raises Invalid."""
    form = form_of(node)
    if form is None:
        raise Invalid(f"there is no {node.kind.value} {node.type!r}")
    shown = properties(form)
    with one_budget():
        values = {
            name: _filled_in(value, shown[name], facts)
            if _is_template(shown.get(name, {}))
            else value
            for name, value in node.config.items()
        }
    return read_form(form, values)


def read_form(form: type[Form], values: Mapping[str, object]) -> Form:
    """`values` as the form. Raises Invalid, without the values: they may be secret."""
    try:
        return form.model_validate(values)
    except ValidationError as e:
        problems = (f"{'.'.join(place) or 'it'}: {said}" for place, said in _told(e))
        raise Invalid("; ".join(problems)) from None


def form_problems(
    form: type[Form], values: Mapping[str, object]
) -> list[tuple[tuple[str, ...], str]]:
    """What keeps `values` from being the form, each with its place in it."""
    try:
        form.model_validate(values)
    except ValidationError as e:
        return list(_told(e))
    return []


def _told(problem: ValidationError) -> Iterator[tuple[tuple[str, ...], str]]:
    for error in problem.errors(include_input=False, include_url=False):
        yield tuple(map(str, error["loc"])), error["msg"]


def masked(value: Any, secrets: Mapping[str, str]) -> Any:  # noqa: ANN401 - JSON
    """`value` without any secret, wherever it stands."""
    hidden = [s for s in secrets.values() if len(s) >= SHORTEST_MASKED]
    return _each_text(value, lambda text: _hide(text, hidden)) if hidden else value


def _hide(text: str, hidden: list[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, MASK)
    return text


def _is_template(shown: Mapping[str, Any]) -> bool:
    return shown.get("template") is True


def _is_secret(shown: Mapping[str, Any]) -> bool:
    options = [shown, *shown.get("anyOf", [])]
    return any(option.get("secret") is True for option in options)


def _filled_in(
    value: Any,  # noqa: ANN401 - JSON
    shown: Mapping[str, Any],
    facts: Mapping[str, object],
) -> Any:  # noqa: ANN401 - JSON
    name = shown.get("escape")
    escaped: dict[str, Mapping[str, object]] = {}

    def fill(text: str) -> str:
        if "{{" not in text:
            return text
        # an address that begins with a value is one that an earlier step has made
        if name is None or (name == "url" and text.lstrip().startswith("{{")):
            return fill_in(text, facts)
        if name not in escaped:
            escaped[name] = _each_text(facts, ESCAPES[name])
        return fill_in(text, escaped[name])

    return _each_text(value, fill)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _each_text(value: Any, change: Escape) -> Any:  # noqa: ANN401 - JSON
    """`value` with every text in it changed; keys stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_each_text(one, change) for one in value]
    return value
