import {
  Button,
  Collapse,
  Group,
  Paper,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { MoveButtons } from "../../ui/MoveButtons";
import type { Draft, LayerDraft } from "./draft";
import { Hours } from "./Hours";
import { MoreOfLayer } from "./MoreOfLayer";
import { People } from "./People";

interface Props {
  form: UseFormReturnType<Draft>;
  at: number;
  layer: LayerDraft;
}

/** One rotation of the schedule: who, for how long each, and at which hours. */
export function LayerCard({ form, at, layer }: Props) {
  const path = `layers.${at}`;
  const name = layer.name.trim() || `layer ${at + 1}`;
  const [more, { toggle }] = useDisclosure(hasMore(layer));
  const error = (field: string) => {
    const text = form.errors[`${path}.${field}`];
    return typeof text === "string" ? text : undefined;
  };
  const count = form.values.layers.length;
  return (
    <Paper
      withBorder
      p={{ base: "sm", sm: "md" }}
      component="section"
      aria-label={`Layer ${at + 1}`}
    >
      <Stack gap="md">
        <Group wrap="nowrap" align="end" justify="space-between" gap="xs">
          <TextInput
            label={`Layer ${at + 1}`}
            placeholder="Primary, Asia-Pacific, Weekends …"
            maxLength={100}
            flex={1}
            {...form.getInputProps(`${path}.name`)}
          />
          <MoveButtons
            what={name}
            at={at}
            count={count}
            onMove={(to) => form.reorderListItem("layers", { from: at, to })}
            onRemove={
              count > 1 ? () => form.removeListItem("layers", at) : undefined
            }
          />
        </Group>
        <People
          people={layer.users}
          layer={name}
          error={error("users")}
          onChange={(users) => {
            form.setFieldValue(`${path}.users`, users);
            form.clearFieldError(`${path}.users`);
          }}
        />
        <SimpleGrid cols={2} spacing="sm">
          <TextInput
            label="Length of a turn"
            description="1, or a pattern: 4, 3"
            {...form.getInputProps(`${path}.lengths`)}
          />
          <Select
            label="Counted in"
            description="What the number means"
            data={[
              { value: "hour", label: "hours" },
              { value: "day", label: "days" },
              { value: "week", label: "weeks" },
            ]}
            allowDeselect={false}
            {...form.getInputProps(`${path}.unit`)}
          />
          <TextInput
            type="date"
            label="First turn"
            description="When the first one began"
            {...form.getInputProps(`${path}.date`)}
          />
          <TextInput
            type="time"
            label="Hand-off"
            description={`In ${layer.time_zone || form.values.time_zone}`}
            {...form.getInputProps(`${path}.time`)}
          />
        </SimpleGrid>
        <Hours
          hours={layer.hours}
          errors={layer.hours.map((_, hour) => error(`hours.${hour}`))}
          onChange={(hours) => form.setFieldValue(`${path}.hours`, hours)}
        />
        <Collapse expanded={more}>
          <MoreOfLayer form={form} at={at} layer={layer} />
        </Collapse>
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-expanded={more}
            rightSection={
              more ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />
            }
            onClick={toggle}
          >
            {more ? "Fewer settings" : "Several at once, holidays, zone, end"}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}

function hasMore(layer: LayerDraft): boolean {
  const { at_once, holidays, time_zone, end_date } = layer;
  const rare = holidays !== "ignore" || time_zone !== "" || end_date !== "";
  return rare || Number(at_once) > 1;
}
