import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import type { WorkflowProblem } from "../../api/generated";
import { show } from "../../test/render";
import { testServer } from "../../test/server";
import { asTeamAdmin } from "../../test/team-admin";
import { Editor } from "./Editor";
import { EMPTY, type Graph } from "./graph";
import { chain, VOCABULARY } from "./samples.testing";
import { useGraph } from "./use-graph";

testServer();

function Drawn({
  graph,
  problems,
  onDrawn,
}: {
  graph: Graph;
  problems: WorkflowProblem[];
  onDrawn: (graph: Graph) => void;
}) {
  const [initial] = useState(graph);
  const editing = useGraph(initial);
  onDrawn(editing.graph);
  return (
    <Editor
      editing={editing}
      vocabulary={VOCABULARY}
      problems={problems}
      teamId="t1"
      mayEdit
      tried={null}
    />
  );
}

function edit(graph: Graph, problems: WorkflowProblem[] = []) {
  const drawn = vi.fn<(graph: Graph) => void>();
  show(
    <Drawn graph={graph} problems={problems} onDrawn={drawn} />,
    asTeamAdmin(),
  );
  return () => drawn.mock.lastCall?.[0] ?? EMPTY;
}

async function listed() {
  await userEvent.click(await screen.findByRole("radio", { name: "List" }));
  return screen.getByRole("list", { name: "Steps" });
}

test("a workflow is built with the keyboard alone", async () => {
  const drawn = edit(EMPTY);
  await listed();

  await userEvent.type(
    screen.getByRole("textbox", { name: "Find a step" }),
    "opened{Enter}",
  );
  await userEvent.type(
    screen.getByRole("textbox", { name: "Find a step" }),
    "slack{Enter}",
  );
  await userEvent.type(
    screen.getByRole("textbox", { name: "Message" }),
    "it broke",
  );

  expect(drawn().edges).toEqual([
    { source: "incident_opened", target: "slack", port: "out" },
  ]);
  expect(drawn().nodes[1]?.config).toEqual({ text: "it broke" });
});

test("a line is drawn, a step deleted and brought back without a mouse", async () => {
  const drawn = edit(chain());
  const list = await listed();
  within(list)
    .getByRole("button", { name: /^Create a Jira issue/ })
    .focus();
  await userEvent.keyboard("{Enter}");

  await userEvent.click(screen.getByRole("combobox", { name: "if it fails" }));
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(drawn().edges).toContainEqual({
    source: "ticket",
    target: "tell",
    port: "failed",
  });
  await userEvent.click(
    screen.getByRole("button", { name: "Delete this step" }),
  );
  expect(drawn().nodes).toHaveLength(2);
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));

  expect(drawn().nodes).toHaveLength(3);
});

test("what is wrong stands at its field, at its step, and leads there", async () => {
  edit(chain(), [
    { node: "tell", field: "text", detail: "there is no variable incident.x" },
    { node: null, field: null, detail: "nothing starts it: add a trigger" },
  ]);
  const list = await listed();

  expect(within(list).getByText(/1 to mend/)).toBeTruthy();
  expect(screen.getByText("Nothing starts it: add a trigger")).toBeTruthy();
  await userEvent.click(
    screen.getByRole("button", { name: /text: there is no variable/ }),
  );

  expect(screen.getByText("There is no variable incident.x")).toBeTruthy();
});
