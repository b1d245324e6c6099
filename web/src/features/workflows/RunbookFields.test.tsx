import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import type { RunFormOut } from "../../api/generated";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import type { Step } from "./graph";
import { RunbookFields } from "./RunbookFields";

const server = testServer();

const FORM: RunFormOut = {
  runbook_id: "r1",
  version: 2,
  name: "Restart worker",
  description: "",
  run_class: "destructive",
  target: "webhook",
  parameters: {
    type: "object",
    properties: {
      worker: { type: "string", title: "Worker" },
      times: { type: "integer", title: "How often" },
    },
    required: ["worker"],
  },
  values: {},
  connections: [
    { id: "c1", name: "Frankfurt" },
    { id: "c2", name: "Dublin" },
  ],
  confirmation: "Restart worker",
  may_run: true,
  why_not: null,
};
const STEP: Step = {
  id: "run",
  kind: "action",
  type: "run_runbook",
  title: "",
  config: { runbook_id: "r1" },
  retries: 4,
  timeout_s: 20,
  position: null,
};

function Fields({ onConfig }: { onConfig: (config: Step["config"]) => void }) {
  const [step, setStep] = useState(STEP);
  onConfig(step.config);
  return (
    <RunbookFields
      step={step}
      variables={[]}
      errors={{}}
      onChange={(config) => setStep({ ...step, config })}
    />
  );
}

test("a step asks for what its runbook asks for: where, with what, and its name", async () => {
  server.on("GET /v1/runbooks/r1/form", () => ({ json: FORM }));
  server.on("GET /v1/runbooks", () => ({
    json: { items: [], next_cursor: null },
  }));
  let config: Step["config"] = {};
  show(
    <Fields
      onConfig={(next) => {
        config = next;
      }}
    />,
    asTeamAdmin(),
  );

  await userEvent.type(
    await screen.findByRole("textbox", { name: "Worker" }),
    "worker-{{{{incident.number}}",
  );
  await userEvent.type(screen.getByRole("textbox", { name: "How often" }), "2");
  await userEvent.click(
    screen.getByRole("combobox", { name: "Where it runs" }),
  );
  await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  await userEvent.type(
    screen.getByRole("textbox", { name: /to confirm/ }),
    "Restart worker",
  );

  expect(config).toMatchObject({
    runbook_id: "r1",
    connection_id: "c2",
    parameters: { worker: "worker-{{incident.number}}", times: 2 },
    confirmation: "Restart worker",
  });
});
