import { Tabs } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";

const PLACES = {
  "/workflows": "Workflows",
  "/workflow-secrets": "Secrets",
  "/event-subscriptions": "Subscriptions",
} as const;

type Place = keyof typeof PLACES;

function isPlace(text: string | null): text is Place {
  return text !== null && text in PLACES;
}

/** What belongs to workflows, beside their list. */
export function WorkflowTabs({ here }: { here: Place }) {
  const navigate = useNavigate();
  return (
    <Tabs
      value={here}
      onChange={(to) => {
        if (isPlace(to)) void navigate({ to });
      }}
    >
      <Tabs.List>
        {Object.entries(PLACES).map(([value, label]) => (
          <Tabs.Tab key={value} value={value}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
