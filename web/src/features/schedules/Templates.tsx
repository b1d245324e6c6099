import { Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useNow } from "../../ui/now";
import type { Draft } from "./draft";
import { TEMPLATES } from "./templates";

/** Where to begin; gone once there are people, whom a template would forget. */
export function Templates({ form }: { form: UseFormReturnType<Draft> }) {
  const now = useNow(60);
  if (form.values.layers.some(({ users }) => users.length > 0)) return null;
  return (
    <Stack gap={6}>
      <Text fw={500} size="sm">
        Begin with
      </Text>
      <Group gap="xs">
        {TEMPLATES.map(({ name, means, fill }) => (
          <Tooltip key={name} label={means}>
            <Button
              variant="default"
              size="xs"
              aria-description={means}
              onClick={() => {
                form.setValues(fill(form.getValues(), now));
                form.clearErrors();
              }}
            >
              {name}
            </Button>
          </Tooltip>
        ))}
      </Group>
    </Stack>
  );
}
