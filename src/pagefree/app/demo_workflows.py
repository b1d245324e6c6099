"""The workflows of the demo: one that asks before it acts, one that grows louder."""

from datetime import datetime

from pagefree.accounts import queries as accounts
from pagefree.core.access import Actor
from pagefree.infra.db import Tx
from pagefree.workflows import service
from pagefree.workflows.content import WorkflowContent
from pagefree.workflows.service import Draft

ASKS = {
    "nodes": [
        {
            "id": "opened",
            "kind": "trigger",
            "type": "incident_opened",
            "config": {"condition": 'severity == "critical"'},
        },
        {"id": "by_hand", "kind": "trigger", "type": "manual"},
        {
            "id": "look",
            "kind": "action",
            "type": "add_note",
            "title": "Say where to look",
            "config": {
                "text": "{{incident.service.name}}: first look at the latest releases."
            },
        },
        {
            "id": "ask",
            "kind": "action",
            "type": "wait_for_approval",
            "title": "Ask for a P1",
            "config": {
                "question": "Make #{{incident.number}} {{incident.title}} a P1?",
                "wait_minutes": 30,
            },
        },
        {
            "id": "p1",
            "kind": "action",
            "type": "set_priority",
            "title": "Make it a P1",
            "config": {"priority": "P1", "urgency": "high"},
        },
        {
            "id": "noted",
            "kind": "action",
            "type": "add_note",
            "title": "Note who said no",
            "config": {"text": "Not a P1, says {{steps.ask.answered_by}}."},
        },
    ],
    "edges": [
        {"source": "opened", "target": "look"},
        {"source": "by_hand", "target": "look"},
        {"source": "look", "target": "ask"},
        {"source": "ask", "target": "p1", "port": "approved"},
        {"source": "ask", "target": "noted", "port": "rejected"},
    ],
}
GROWS_LOUDER = {
    "nodes": [
        {
            "id": "open_for",
            "kind": "trigger",
            "type": "open_for",
            "config": {"minutes": 30},
        },
        {
            "id": "urgent",
            "kind": "action",
            "type": "set_priority",
            "title": "Make it urgent",
            "config": {"urgency": "high"},
        },
        {
            "id": "say",
            "kind": "action",
            "type": "add_note",
            "title": "Say why",
            "config": {"text": "Nobody has it after half an hour: it is urgent now."},
        },
    ],
    "edges": [
        {"source": "open_for", "target": "urgent"},
        {"source": "urgent", "target": "say"},
    ],
}
FLOWS = (
    (
        "Payments",
        "Critical: ask whether it is a P1",
        "Notes where to look, asks the team, and goes by what one of them answers.",
        ASKS,
    ),
    (
        "Platform",
        "Louder after half an hour",
        "What nobody has taken for thirty minutes becomes urgent.",
        GROWS_LOUDER,
    ),
)


async def load(tx: Tx, actor: Actor, now: datetime) -> None:
    """Add them, switched on."""
    teams = {team.name: team.id for team in await accounts.list_teams(tx)}
    for team, name, description, graph in FLOWS:
        draft = Draft(teams[team], name, description)
        content = WorkflowContent.model_validate(graph)
        made = await service.create(tx, actor, draft, content, "", now)
        await service.change(tx, actor, made.id, {"enabled": True}, now)
