"""Doing one step: what comes of it is told as data, and stored by whoever asked."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from pagefree.actions.base import (
    Action,
    ActionError,
    Call,
    Done,
    Form,
    Situation,
    Transports,
    Waiting,
)
from pagefree.core.errors import Invalid, PageFreeError
from pagefree.core.workflow_graphs import NO, OUT, YES, NodeKind
from pagefree.core.workflows import StepStatus, capped, retry_at
from pagefree.infra import cel
from pagefree.infra.db import Tx
from pagefree.infra.http import Unreachable
from pagefree.infra.http_connection import Reply
from pagefree.workflows.content import WorkflowNode, action_of
from pagefree.workflows.facts import (
    CONDITIONS,
    facts_of_condition,
    found_at,
    kept,
    trimmed,
)
from pagefree.workflows.filling import filled, masked
from pagefree.workflows.preparing import Work

TIMED_OUT = "timed_out"
MOST_ERROR = 500
MOST_CRASHES = 3  # attempts of which nothing is known, besides those that may fail
MOST_SHOWN = 16 * 1024  # characters of a body in the history

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt of a step."""

    work: Work
    status: StepStatus
    port: str | None = None
    output: Mapping[str, object] | None = None
    input: object = None
    error: str | None = None
    due_at: datetime | None = None
    external_id: UUID | None = None
    in_doubt: bool = False  # it may have arrived all the same


def instant(work: Work, now: datetime) -> Outcome | None:
    """The outcome of what needs nothing but thought; none: it is an action."""
    if work.step.was is StepStatus.WAITING:
        return _timed_out(work)
    if work.step.attempts > work.node.retries + MOST_CRASHES:
        return Outcome(work, StepStatus.FAILED, error="it was begun too often")
    try:
        match work.node.kind:
            case NodeKind.CONDITION:
                return _condition(work)
            case NodeKind.LOOP:
                return _loop(work)
            case NodeKind.ACTION:
                return None if action_of(work.node) else _missing(work)
            case _:
                return Outcome(work, StepStatus.SUCCEEDED, OUT)
    except (Invalid, cel.Unclear) as e:
        return failed(work, ActionError(str(e), permanent=True), now)


def _missing(work: Work) -> Outcome:
    reason = f"there is no action {work.node.type}"
    return Outcome(work, StepStatus.FAILED, error=reason)


def _timed_out(work: Work) -> Outcome:
    action = action_of(work.node)
    if action is not None and TIMED_OUT in action.ports:
        return Outcome(work, StepStatus.SUCCEEDED, TIMED_OUT)
    return Outcome(work, StepStatus.FAILED, error="nothing was heard in time")


def _condition(work: Work) -> Outcome:
    port = verdict(work.node, work.facts)
    return Outcome(work, StepStatus.SUCCEEDED, port, {"holds": port == YES})


def verdict(node: WorkflowNode, facts: Mapping[str, Any]) -> str:
    """Which way a condition goes. Raises Invalid and Unclear."""
    condition = cel.compiled(str(node.config["condition"]), CONDITIONS)
    context = cel.context_of(facts_of_condition(facts), [condition])
    return YES if condition.holds(context) else NO


def _loop(work: Work) -> Outcome:
    path = str(work.node.config["items"])
    items = found_at(work.facts, path)
    if not isinstance(items, list):
        raise Invalid(f"{path} is not a list")
    most = work.node.config.get("most", 20)
    through = capped(items, most if isinstance(most, int) else 20)
    output = {
        "items": through,
        "count": len(through),
        "left_out": len(items) - len(through),
    }
    return Outcome(work, StepStatus.LOOPING, output=output)


def failed(work: Work, error: ActionError, now: datetime) -> Outcome:
    """Try again later, or give up."""
    reason = str(masked(str(error), work.secrets))[:MOST_ERROR]
    if error.permanent or work.step.attempts > work.node.retries:
        return Outcome(work, StepStatus.FAILED, error=reason)
    again = retry_at(work.step.id, work.step.attempts, error.retry_after_s, now)
    return Outcome(work, StepStatus.DUE, error=reason, due_at=again)


# -- outside ----------------------------------------------------------------------------


async def perform(transports: Transports, work: Work, now: datetime) -> Outcome:
    """Do an action outside; nothing is locked meanwhile."""
    action = _require_action(work)
    shown: object = None
    try:
        # off the loop: however long their texts are, nobody else's steps wait for them
        shown, form = await asyncio.to_thread(_written, action, work, now)
        async with asyncio.timeout(work.node.timeout_s):
            output = await _act(transports, action, form, work.situation(now))
        done = Outcome(
            work, StepStatus.SUCCEEDED, OUT, kept(masked(output, work.secrets))
        )
    except ActionError as e:
        done = failed(work, e, now)
    except Unreachable as e:
        lost = failed(work, ActionError(str(e), permanent=False), now)
        done = replace(lost, in_doubt=e.sent)
    except TimeoutError:
        reason = f"no answer within {work.node.timeout_s} s"
        lost = failed(work, ActionError(reason, permanent=False), now)
        done = replace(lost, in_doubt=True)
    except PageFreeError as e:
        done = failed(work, ActionError(str(e), permanent=True), now)
    except Exception as e:
        log.exception("workflow.action_broken", action=work.node.type)
        reason = f"the action is broken: {type(e).__name__}"
        done = failed(work, ActionError(reason, permanent=False), now)
    return replace(done, input=shown)


def _written(action: Action, work: Work, now: datetime) -> tuple[object, Form]:
    """What is shown of the step, and its form with all that it names."""
    return preview(action, work, now), filled(work.node, work.visible())


def _require_action(work: Work) -> Action:
    action = action_of(work.node)
    if action is None:
        raise RuntimeError("only actions are done outside")
    return action


async def _act(
    transports: Transports, action: Action, form: Form, at: Situation
) -> Mapping[str, object]:
    if action.send is not None:
        return await action.send(transports, form, at)
    if action.call is None or action.read is None:
        raise ActionError("the action does nothing", permanent=True)
    if at.attempt > 1 and action.found is not None:
        looked = action.look(form, at)
        if looked is not None:
            there = action.found(form, at, await _ask(transports, looked))
            if there is not None:
                return there
    return action.read(form, await _ask(transports, action.call(form, at)))


async def _ask(transports: Transports, call: Call) -> Reply:
    return await transports.http.request(call.method, call.url, call.body, call.headers)


def preview(action: Action, work: Work, now: datetime) -> object:
    """What would be done, with nothing in place of the secrets. Raises as `call` does."""
    at = work.situation(now, hidden=True)
    return preview_in(action, work.node, work.visible(hidden=True), at)


def preview_in(
    action: Action, node: WorkflowNode, facts: Mapping[str, Any], at: Situation
) -> object:
    """The same with any facts: `at` and they hold no secrets."""
    form = filled(node, facts)
    if action.preview is not None:
        return trimmed(dict(action.preview(form, at)))
    if action.call is None:
        return trimmed(form.model_dump(mode="json"))
    call = action.call(form, at)
    return {
        "method": call.method,
        "url": call.url,
        "headers": dict(call.headers),
        "body": _body(call.body),
    }


def _body(body: bytes) -> Any:  # noqa: ANN401 - JSON
    text = body.decode(errors="replace")
    try:
        return trimmed(json.loads(text)) if text else None
    except ValueError:
        return text[:MOST_SHOWN]


# -- inside -----------------------------------------------------------------------------


def is_inside(work: Work) -> bool:
    """Whether the step changes PageFree itself, in the transaction that notes it."""
    action = action_of(work.node)
    return action is not None and action.apply is not None


async def apply(tx: Tx, work: Work, now: datetime) -> Outcome:
    """Do it in a savepoint: what fails leaves nothing behind."""
    action = action_of(work.node)
    if action is None or action.apply is None:
        raise RuntimeError("this action does nothing inside")
    shown: object = None
    try:
        shown, form = await asyncio.to_thread(_written, action, work, now)
        async with tx.begin_nested():
            result = await action.apply(tx, form, work.situation(now))
    except ActionError as e:
        return replace(failed(work, e, now), input=shown)
    except PageFreeError as e:
        lost = ActionError(str(e), permanent=True)
        return replace(failed(work, lost, now), input=shown)
    return replace(_applied(work, result), input=shown)


def _applied(work: Work, result: Done | Waiting) -> Outcome:
    output = kept(masked(dict(result.output), work.secrets))
    if isinstance(result, Done):
        return Outcome(work, StepStatus.SUCCEEDED, result.port, output)
    return Outcome(
        work,
        StepStatus.WAITING,
        output=output,
        due_at=result.until,
        external_id=result.external_id,
    )
