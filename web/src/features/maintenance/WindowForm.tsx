import {
  Group,
  SegmentedControl,
  Select,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  createMaintenanceWindow,
  type MaintenanceWindow,
  putMaintenanceWindow,
} from "../../api/generated";
import { useMe } from "../../me";
import { DurationInput } from "../../ui/DurationInput";
import { FormModal } from "../../ui/FormModal";
import { PairsInput } from "../../ui/PairsInput";
import { ServicesSelect } from "../../ui/ServiceSelect";
import { toastDone } from "../../ui/toast";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { useSave } from "../../ui/use-save";
import { bodyOf, type Draft, draftOf, newDraft, problemsOf } from "./draft";
import { Times } from "./Times";

const INSTALLATION = "installation";
const UNITS = ["min", "h", "d"] as const;

interface Props {
  /** the one to change; none: a new one */
  window?: MaintenanceWindow;
  onClose: () => void;
}

/** Work that explains alerts: from now on, or planned. */
export function WindowForm({ window: kept, onClose }: Props) {
  const me = useMe();
  const teams = useEditableTeams();
  const first = me.memberships.find(({ team }) =>
    teams.some(({ id }) => id === team.id),
  );
  const form = useForm<Draft>({
    initialValues: kept
      ? draftOf(kept)
      : newDraft(first?.team.id ?? teams[0]?.id ?? null, Date.now()),
    validate: problemsOf,
  });
  const draft = form.values;
  const { save, isPending, problem } = useSave({
    form,
    send: (values) => {
      const { team_id, ...body } = bodyOf(values, Date.now());
      return kept
        ? putMaintenanceWindow({ path: { window_id: kept.id }, body })
        : createMaintenanceWindow({ body: { ...body, team_id } });
    },
    stale: [["maintenance"]],
    rename: { start_at: "from", end_at: "until", until_at: "last_on" },
    onSaved: ({ state, name }) => {
      toastDone(
        state === "active" ? `${name} is under way` : `${name} is planned`,
      );
      onClose();
    },
  });
  const everybody = { value: INSTALLATION, label: "The whole installation" };
  const action = draft.when === "now" ? "Begin now" : "Plan it";

  return (
    <FormModal
      opened
      onClose={onClose}
      title={kept ? `Change ${kept.name}` : "New maintenance window"}
      action={kept ? "Save" : action}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="What is done"
        description="People read it where they miss a page"
        placeholder="Upgrade of the database"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      {!kept && (
        <SegmentedControl
          aria-label="When"
          data={[
            { value: "now", label: "Now" },
            { value: "planned", label: "At a time" },
          ]}
          {...form.getInputProps("when")}
        />
      )}
      {draft.when === "now" ? (
        <DurationInput
          label="For"
          description="It can be ended early"
          units={UNITS}
          seconds={draft.length_s}
          error={form.errors.length_s}
          onChange={(length_s) => form.setFieldValue("length_s", length_s)}
        />
      ) : (
        <Times form={form} />
      )}
      <Group align="start" grow preventGrowOverflow={false}>
        <Select
          label="Whose"
          data={[
            ...(me.platform_admin ? [everybody] : []),
            ...teams.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          allowDeselect={false}
          disabled={kept !== undefined}
          style={{ flexBasis: 200 }}
          value={draft.team_id ?? INSTALLATION}
          onChange={(id) =>
            form.setFieldValue("team_id", id === INSTALLATION ? null : id)
          }
        />
        <ServicesSelect
          label="Services"
          placeholder={
            draft.team_id ? "All services of the team" : "All services"
          }
          mine={draft.team_id !== null}
          value={draft.service_ids}
          error={form.errors.service_ids}
          onChange={(ids) => form.setFieldValue("service_ids", ids)}
        />
      </Group>
      <PairsInput
        label="Only alerts with these labels"
        names={["Label", "Value"]}
        value={draft.labels}
        onChange={(labels) => form.setFieldValue("labels", labels)}
      />
      <Text size="sm" c="dimmed">
        New alerts are kept and listed, but page nobody. What still fires when
        the work ends pages people then. Incidents that are open already go on.
      </Text>
    </FormModal>
  );
}
