import type { WorkflowNodeType, WorkflowVocabulary } from "../../api/generated";
import { type Graph, graphOf } from "./graph";

function type(
  kind: WorkflowNodeType["kind"],
  name: string,
  title: string,
  more: Partial<WorkflowNodeType> = {},
): WorkflowNodeType {
  return {
    kind,
    type: name,
    title,
    summary: `${title}.`,
    group:
      kind === "trigger" ? "triggers" : kind === "action" ? "chat" : "flow",
    form: { type: "object", properties: {} },
    ports: kind === "action" ? ["out", "failed"] : ["out"],
    outputs: {},
    needs_incident: false,
    readme: "",
    ...more,
  };
}

export const VOCABULARY: WorkflowVocabulary = {
  nodes: [
    type("trigger", "incident_opened", "Incident opened"),
    type("condition", "", "Condition", { ports: ["yes", "no"] }),
    type("delay", "", "Delay"),
    type("action", "jira_create", "Create a Jira issue", {
      outputs: { key: "of the issue" },
    }),
    type("action", "slack", "Slack message", {
      form: {
        type: "object",
        required: ["text"],
        properties: {
          text: {
            type: "string",
            title: "Message",
            maxLength: 4000,
            template: true,
          },
        },
      },
    }),
  ],
  variables: { incident: { title: "what broke", labels: {} }, steps: {} },
  condition_texts: ["severity"],
  condition_maps: ["labels"],
};

/** opened → ticket → tell */
export function chain(): Graph {
  return graphOf({
    nodes: [
      { id: "opened", kind: "trigger", type: "incident_opened" },
      { id: "ticket", kind: "action", type: "jira_create" },
      {
        id: "tell",
        kind: "action",
        type: "slack",
        config: { text: "{{steps.ticket.key}}: {{incident.title}}" },
      },
    ],
    edges: [
      { source: "opened", target: "ticket" },
      { source: "ticket", target: "tell" },
    ],
  });
}
