import { SimpleGrid, Stack, Text, UnstyledButton } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useNow } from "../../ui/now";
import type { Draft } from "./draft";
import classes from "./Templates.module.css";
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
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs">
        {TEMPLATES.map(({ name, means, fill }) => (
          <UnstyledButton
            key={name}
            className={classes.template}
            aria-label={name}
            aria-description={means}
            onClick={() => {
              form.setValues(fill(form.getValues(), now));
              form.clearErrors();
            }}
          >
            <Text size="sm" fw={600}>
              {name}
            </Text>
            <Text size="xs" c="dimmed">
              {means}
            </Text>
          </UnstyledButton>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
