import { Group, Pill, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { QueryKey } from "@tanstack/react-query";
import {
  createMailedReport,
  type MailedReportOut,
  putMailedReport,
} from "../../api/generated";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { PersonSelect } from "../../ui/PersonSelect";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import { ZoneSelect } from "../../ui/ZoneSelect";
import { daysOf, hourWords } from "./rhythm";

const EVERYTHING = "";
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: hourWords(hour),
}));
const FIELD = { flex: "1 1 9rem" };

interface Props {
  /** the one to change; none: a new one */
  report: MailedReportOut | undefined;
  stale: readonly QueryKey[];
  onClose: () => void;
}

/** Of what, when and to whom. */
export function MailedReportForm({ report, stale, onClose }: Props) {
  const me = useMe();
  const teams = useEditableTeams();
  const form = useForm({
    initialValues: {
      name: report?.name ?? "Incidents of the week",
      team_id: report
        ? (report.team?.id ?? EVERYTHING)
        : (teams[0]?.id ?? EVERYTHING),
      rhythm: report?.rhythm ?? ("weekly" as const),
      day: String(report?.day ?? 1),
      hour: String(report?.hour ?? 9),
      time_zone: report?.time_zone ?? me.time_zone,
      readers: report?.readers ?? [{ id: me.id, name: me.name }],
    },
    validate: {
      name: (name) => (name.trim() ? null : "It needs a name"),
      readers: (readers) =>
        readers.length > 0 ? null : "Somebody has to read it",
    },
  });
  const { values } = form;
  const { save, isPending, problem } = useSave({
    form,
    send: ({ readers, team_id, day, hour, ...rest }: typeof values) => {
      const body = {
        ...rest,
        team_id: team_id || null,
        day: Number(day),
        hour: Number(hour),
        reader_ids: readers.map(({ id }) => id),
      };
      return report
        ? putMailedReport({ path: { mailed_report_id: report.id }, body })
        : createMailedReport({ body });
    },
    stale,
    rename: { reader_ids: "readers" },
    onSaved: onClose,
  });
  const choices = [
    ...(me.platform_admin ? [{ value: EVERYTHING, label: "All teams" }] : []),
    ...teams.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <FormModal
      opened
      onClose={onClose}
      title={report ? `Change ${report.name}` : "Send figures by mail"}
      action={report ? "Save" : "Send it from now on"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((all) => save(all))}
    >
      <TextInput
        label="Name"
        description="It begins the subject of the mail"
        maxLength={100}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Select
        label="Figures of"
        data={choices}
        allowDeselect={false}
        {...form.getInputProps("team_id")}
      />
      <Group gap="xs" align="end">
        <Select
          label="How often"
          data={[
            { value: "weekly", label: "Every week" },
            { value: "monthly", label: "Every month" },
          ]}
          value={values.rhythm}
          allowDeselect={false}
          style={FIELD}
          onChange={(rhythm) =>
            form.setValues({
              rhythm: rhythm === "monthly" ? "monthly" : "weekly",
              day: "1",
            })
          }
        />
        <Select
          label="On"
          data={daysOf(values.rhythm)}
          allowDeselect={false}
          style={FIELD}
          {...form.getInputProps("day")}
        />
        <Select
          label="At"
          data={HOURS}
          allowDeselect={false}
          style={FIELD}
          {...form.getInputProps("hour")}
        />
      </Group>
      <ZoneSelect
        label="By the clocks of"
        allowDeselect={false}
        {...form.getInputProps("time_zone")}
      />
      <Readers
        readers={values.readers}
        error={form.errors.readers}
        onChange={(readers) => form.setFieldValue("readers", readers)}
      />
      <Text size="sm" c="dimmed">
        It tells of the {values.rhythm === "weekly" ? "week" : "month"} that
        ends on that day, and what has changed since the one before.
      </Text>
    </FormModal>
  );
}

interface Reader {
  id: string;
  name: string;
}

interface ReadersProps {
  readers: readonly Reader[];
  error: React.ReactNode;
  onChange: (readers: Reader[]) => void;
}

function Readers({ readers, error, onChange }: ReadersProps) {
  return (
    <Stack gap={6}>
      <PersonSelect
        label="Readers"
        placeholder="Add somebody"
        except={readers.map(({ id }) => id)}
        onPick={(person) => onChange([...readers, person])}
      />
      <Pill.Group>
        {readers.map(({ id, name }) => (
          <Pill
            key={id}
            withRemoveButton
            removeButtonProps={{ "aria-label": `Remove ${name}` }}
            onRemove={() =>
              onChange(readers.filter((reader) => reader.id !== id))
            }
          >
            {name}
          </Pill>
        ))}
      </Pill.Group>
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
