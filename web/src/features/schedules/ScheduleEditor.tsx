import {
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  createSchedule,
  putSchedule,
  type Schedule,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import { bodyOf, type Draft } from "./draft";
import { People } from "./People";
import { Preview } from "./Preview";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")];
const LONGEST_TURN_DAYS = 365;

interface Props {
  /** the one to change; none: a new one */
  schedule?: Schedule;
  initial: Draft;
  onCancel: () => void;
  onSaved: (schedule: Schedule) => unknown;
}

/** Who takes turns, for how long each, and when they change. */
export function ScheduleEditor(props: Props) {
  const { schedule, initial, onCancel, onSaved } = props;
  const teams = useEditableTeams();
  const form = useForm<Draft>({
    initialValues: initial,
    validate: {
      name: (name) => (name.trim() ? null : "A schedule needs a name"),
      team_id: (id) => (id ? null : "Choose the team that keeps it"),
      time_zone: (zone) => (zone ? null : "Choose a time zone"),
      date: (date) => (date ? null : "Choose the first day"),
      time: (time) => (time ? null : "Choose the time of day"),
      turn_days: (days) => (Number(days) >= 1 ? null : "At least one day"),
      users: (users) => (users.length > 0 ? null : "Add at least one person"),
    },
  });
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
  const usersError = form.errors.users;

  return (
    <form onSubmit={form.onSubmit((draft) => save(draft))}>
      <Stack gap="lg">
        <Stack maw={720}>
          <Group align="start" grow preventGrowOverflow={false}>
            <TextInput
              label="Name"
              placeholder="Database, primary"
              maxLength={100}
              withAsterisk
              style={{ flexBasis: 220 }}
              {...form.getInputProps("name")}
            />
            <Select
              label="Team"
              data={teams.map(({ id, name }) => ({ value: id, label: name }))}
              searchable
              allowDeselect={false}
              withAsterisk
              style={{ flexBasis: 220 }}
              {...form.getInputProps("team_id")}
            />
          </Group>
          <People
            people={form.values.users}
            error={typeof usersError === "string" ? usersError : undefined}
            onChange={(users) => form.setFieldValue("users", users)}
          />
          <Group align="start" grow preventGrowOverflow={false}>
            <TextInput
              type="date"
              label="First hand-off"
              description="When the first person begins"
              style={{ flexBasis: 150 }}
              {...form.getInputProps("date")}
            />
            <TextInput
              type="time"
              label="Time of day"
              description="Of every hand-off"
              style={{ flexBasis: 120 }}
              {...form.getInputProps("time")}
            />
            <NumberInput
              label="Turn"
              description="Days per person"
              suffix={Number(form.values.turn_days) === 1 ? " day" : " days"}
              min={1}
              max={LONGEST_TURN_DAYS}
              allowDecimal={false}
              style={{ flexBasis: 120 }}
              {...form.getInputProps("turn_days")}
            />
            <Select
              label="Time zone"
              description="Whose clock it follows"
              data={ZONES}
              searchable
              allowDeselect={false}
              limit={50}
              nothingFoundMessage="No zone has that name"
              style={{ flexBasis: 200 }}
              {...form.getInputProps("time_zone")}
            />
          </Group>
        </Stack>
        <Preview draft={form.values} />
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
    </form>
  );
}
