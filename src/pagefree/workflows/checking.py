"""Whether a version can be run: everything that is wrong with it, each at its node."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pagefree.core.errors import Invalid
from pagefree.core.workflow_graphs import NodeKind, bodies, faults, upstream
from pagefree.infra import cel
from pagefree.infra.templates import check_body, names_in
from pagefree.workflows.content import (
    Runnable,
    WorkflowContent,
    WorkflowNode,
    action_of,
    form_of,
    properties,
    runnable,
)
from pagefree.workflows.facts import CONDITIONS, is_known
from pagefree.workflows.filling import form_problems, secrets_of, templates_of

IN_LOOPS = frozenset({"item", "index"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a version from being run."""

    node: str | None
    field: str | None
    detail: str


def problems(content: WorkflowContent, secrets: Collection[str]) -> list[Problem]:
    """What is wrong with `content`, given the names of the secrets that there are."""
    ready = runnable(content)
    typed = [
        Problem(node.id, "type", f"there is no {node.kind.value} {node.type!r}")
        for node in content.nodes
        if form_of(node) is None
    ]
    if typed:
        return typed
    drawn = [Problem(f.node, None, f.detail) for f in faults(ready.graph)]
    if drawn:
        return [*drawn, *(p for node in content.nodes for p in _of_form(node))]
    found = [p for node in content.nodes for p in _of_node(node, ready, secrets)]
    return [*found, *_of_key(content)]


def require_sound(content: WorkflowContent, secrets: Collection[str]) -> None:
    """Raise Invalid with the first few problems, if there are any."""
    found = problems(content, secrets)
    if found:
        named = (
            f"{p.node}{f'.{p.field}' if p.field else ''}: {p.detail}"
            if p.node
            else p.detail
            for p in found[:5]
        )
        raise Invalid("; ".join(named))


def _of_node(
    node: WorkflowNode, ready: Runnable, secrets: Collection[str]
) -> Iterator[Problem]:
    unfit = list(_of_form(node))
    if unfit:
        yield from unfit
        return
    yield from _of_templates(node, ready)
    yield from _of_conditions(node)
    for name in sorted(secrets_of(node) - set(secrets)):
        yield Problem(node.id, None, f"there is no secret {name}")


def _of_form(node: WorkflowNode) -> Iterator[Problem]:
    form = form_of(node)
    for place, detail in form_problems(form, node.config) if form else ():
        yield Problem(node.id, place[0] if place else None, _said(place, detail))


def _said(place: tuple[str, ...], detail: str) -> str:
    """What is wrong, and where below its field."""
    return ": ".join((".".join(place[1:]), detail)) if place[1:] else detail


def _of_templates(node: WorkflowNode, ready: Runnable) -> Iterator[Problem]:
    known = _steps_before(node, ready)
    looped = any(node.id in body for body in bodies(ready.graph).values())
    for field, text in templates_of(node):
        try:
            check_body(text)
        except Invalid as e:
            yield Problem(node.id, field, str(e))
            continue
        for path in sorted(names_in(text)):
            outside = path.partition(".")[0] in IN_LOOPS and not looped
            if outside or not is_known(path, known):
                yield Problem(node.id, field, f"there is no variable {path}")


def _steps_before(
    node: WorkflowNode, ready: Runnable
) -> Mapping[str, Mapping[str, str] | None]:
    """The steps that come before, each with what it puts out."""
    found: dict[str, Mapping[str, str] | None] = {}
    for before in upstream(ready.graph, node.id):
        action = action_of(ready.nodes[before])
        if action is not None:
            open_ended = action.open_outputs
            found[before] = None if open_ended else {**action.outputs, "error": ""}
        elif ready.nodes[before].kind is NodeKind.LOOP:
            found[before] = {"items": "", "count": ""}
    return found


def _of_conditions(node: WorkflowNode) -> Iterator[Problem]:
    form = form_of(node)
    for field, shown in (properties(form) if form else {}).items():
        text = node.config.get(field)
        if shown.get("condition") is True and isinstance(text, str):
            try:
                cel.compiled(text, CONDITIONS)
            except Invalid as e:
                yield Problem(node.id, field, str(e))


def _of_key(content: WorkflowContent) -> Iterator[Problem]:
    try:
        check_body(content.concurrency_key)
    except Invalid as e:
        yield Problem(None, "concurrency_key", str(e))
        return
    for path in sorted(names_in(content.concurrency_key)):
        if path.partition(".")[0] in {"steps", "secrets", "item", "index"}:
            detail = f"{path} is not known yet when a run begins"
            yield Problem(None, "concurrency_key", detail)
        elif not is_known(path, {}):
            yield Problem(None, "concurrency_key", f"there is no variable {path}")
