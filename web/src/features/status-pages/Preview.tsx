import { Group, Paper, Stack, Text } from "@mantine/core";
import type { StatusPage } from "../../api/generated";
import { StateLabel } from "../../ui/StateLabel";
import { STAGES, STATES } from "./states";
import { type Draft, isOver } from "./tell";

interface Props {
  page: StatusPage;
  draft: Pick<Draft, "name" | "body" | "status" | "components">;
}

/** How people will read it. */
export function Preview({ page, draft }: Props) {
  const { name, body, status, components } = draft;
  const touched = page.components.filter(({ id }) => id in components);
  return (
    <Paper withBorder p="md" component="section" aria-label="Preview">
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          As it reads on {page.name}
        </Text>
        <Text fw={700} fz="lg">
          {name || "…"}
        </Text>
        <StateLabel {...STAGES[status]} />
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {body || "…"}
        </Text>
        {!isOver(draft) &&
          touched.map((one) => (
            <Group key={one.id} justify="space-between" gap="xs">
              <Text size="sm">{one.name}</Text>
              <StateLabel {...STATES[components[one.id] ?? one.state]} />
            </Group>
          ))}
      </Stack>
    </Paper>
  );
}
