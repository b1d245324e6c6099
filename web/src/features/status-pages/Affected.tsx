import { ActionIcon, Group, Input, Select, Stack, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { StatusPage } from "../../api/generated";
import { isState, STATE_CHOICES } from "./states";
import type { States } from "./tell";

const CHOICES = STATE_CHOICES.filter(
  // planned work says that by itself
  ({ value }) => value !== "under_maintenance",
);

interface Props {
  page: StatusPage;
  value: States;
  onChange: (states: States) => void;
}

/** The components that it touches, each with how it is. */
export function Affected({ page, value, onChange }: Props) {
  const touched = page.components.filter(({ id }) => id in value);
  const others = page.components.filter(({ id }) => !(id in value));
  const without = (gone: string) =>
    onChange(
      Object.fromEntries(Object.entries(value).filter(([id]) => id !== gone)),
    );
  if (page.components.length === 0) return null;
  return (
    <Input.Wrapper
      labelElement="div"
      label="Components"
      description="The page shows them like this until it is resolved"
    >
      <Stack gap={6} mt={6}>
        {touched.map(({ id, name }) => (
          <Group key={id} gap="xs" wrap="nowrap">
            <Text size="sm" flex="1 1 40%">
              {name}
            </Text>
            <Select
              aria-label={`How ${name} is`}
              flex="1 1 60%"
              data={CHOICES}
              allowDeselect={false}
              value={value[id]}
              onChange={(state) =>
                isState(state) && onChange({ ...value, [id]: state })
              }
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`${name} is not touched`}
              onClick={() => without(id)}
            >
              <IconX size={18} />
            </ActionIcon>
          </Group>
        ))}
        {others.length > 0 && (
          <Select
            // a new one each time: it keeps nothing that was chosen
            key={touched.length}
            aria-label="Add a component"
            placeholder={
              touched.length === 0
                ? "None is touched: choose one"
                : "Add a component"
            }
            searchable
            data={others.map(({ id, name }) => ({ value: id, label: name }))}
            value={null}
            onChange={(id) =>
              id && onChange({ ...value, [id]: "degraded_performance" })
            }
          />
        )}
      </Stack>
    </Input.Wrapper>
  );
}
