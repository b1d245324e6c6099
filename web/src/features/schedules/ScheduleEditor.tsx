import { Button, Group, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import {
  createSchedule,
  putSchedule,
  type Schedule,
} from "../../api/generated";
import { useNow } from "../../ui/now";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { useSave } from "../../ui/use-save";
import { Basics } from "./Basics";
import { bodyOf, type Draft, newLayer } from "./draft";
import classes from "./Editor.module.css";
import { LayerCard } from "./LayerCard";
import { Preview } from "./Preview";
import { problemsOf } from "./problems";
import { TakesEffect } from "./TakesEffect";
import { Templates } from "./Templates";

interface Props {
  /** the one to change; none: a new one */
  schedule?: Schedule;
  initial: Draft;
  onCancel: () => void;
  onSaved: (schedule: Schedule) => unknown;
}

/** Layers of people who take turns, and beside them what they make. */
export function ScheduleEditor(props: Props) {
  const { schedule, initial, onCancel, onSaved } = props;
  const now = useNow(60);
  const form = useForm<Draft>({ initialValues: initial, validate: problemsOf });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      schedule
        ? putSchedule({
            path: { schedule_id: schedule.id },
            body: bodyOf(draft),
          })
        : createSchedule({ body: bodyOf(draft) }),
    stale: [["schedules"], ["on-call"]],
    onSaved,
  });
  const { layers, time_zone } = form.values;

  return (
    <form onSubmit={form.onSubmit((draft) => save(draft))} noValidate>
      <div className={classes.editor}>
        <Stack gap="lg">
          <Basics form={form} />
          {!schedule && <Templates form={form} />}
          <Stack gap="sm">
            {layers.map((layer, at) => (
              <LayerCard key={layer.key} form={form} at={at} layer={layer} />
            ))}
            <Group justify="space-between" gap="xs">
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                onClick={() =>
                  form.insertListItem("layers", newLayer(time_zone, now))
                }
              >
                Add a layer
              </Button>
              {layers.length > 1 && (
                <Text size="xs" c="dimmed">
                  A later layer wins over those before it where it has somebody.
                </Text>
              )}
            </Group>
          </Stack>
          {schedule && <TakesEffect form={form} />}
        </Stack>
        <div className={classes.preview}>
          <Section title="What this makes">
            <Preview draft={form.values} />
          </Section>
        </div>
        <Stack gap="sm">
          <Problem text={problem} />
          <Group>
            <Button type="submit" loading={isPending}>
              {schedule ? "Save the schedule" : "Add the schedule"}
            </Button>
            <Button variant="default" onClick={onCancel}>
              Cancel
            </Button>
          </Group>
        </Stack>
      </div>
    </form>
  );
}
