import {
  Group,
  MultiSelect,
  Select,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import {
  changeStatusMaintenance,
  createStatusMaintenance,
  type PlannedMaintenance,
  type StatusPage,
} from "../../api/generated";
import { DurationInput } from "../../ui/DurationInput";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { ZoneSelect } from "../../ui/ZoneSelect";
import {
  changesOf,
  draftOfWork,
  isRepeat,
  newWork,
  problemsOfWork,
  repeatChoices,
  type WorkDraft,
  workOf,
} from "./work-draft";

interface Props {
  page: StatusPage;
  /** the one to change; none: a new one */
  work?: PlannedMaintenance;
  onClose: () => void;
}

/** Work to announce, once or in series; or one time of it that changes. */
export function WorkForm({ page, work, onClose }: Props) {
  const form = useForm<WorkDraft>({
    initialValues: work ? draftOfWork(work) : newWork(Date.now()),
    validate: problemsOfWork,
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (draft) =>
      work
        ? changeStatusMaintenance({
            path: { maintenance_id: work.id },
            body: changesOf(draft),
          })
        : createStatusMaintenance({
            path: { page_id: page.id },
            body: workOf(draft),
          }),
    stale: [["status-pages"]],
    rename: { scheduled_for: "from", scheduled_until: "until" },
    onSaved: ({ name }) => {
      toastDone(work ? `${name} is changed` : `${name} is announced`);
      onClose();
    },
  });
  const { component_ids } = form.values;
  const begun = work !== undefined && work.status !== "scheduled";
  return (
    <FormModal
      opened
      onClose={onClose}
      title={work ? `Change ${work.name}` : "Announce planned work"}
      action={work ? "Save" : "Announce it"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="What is done"
        placeholder="Upgrade of the database"
        maxLength={200}
        withAsterisk
        data-autofocus
        {...form.getInputProps("name")}
      />
      <Textarea
        label="What people will notice"
        autosize
        minRows={2}
        maxRows={10}
        maxLength={2000}
        {...form.getInputProps("body")}
      />
      <MultiSelect
        label="Components"
        description="Shown as under maintenance while it is under way"
        data={page.components.map(({ id, name }) => ({
          value: id,
          label: name,
        }))}
        searchable
        hidePickedOptions
        placeholder={component_ids.length === 0 ? "None" : undefined}
        {...form.getInputProps("component_ids")}
      />
      <Times form={form} begun={begun} />
      {!work && <Again form={form} />}
      <Switch
        label="It begins and ends by itself"
        description="Otherwise somebody presses “Begin” and “Finish”"
        {...form.getInputProps("automatic", { type: "checkbox" })}
      />
      {!begun && (
        <DurationInput
          label="Remind subscribers before"
          description="Empty: not at all"
          units={["min", "h", "d"]}
          seconds={form.values.remind_s}
          error={form.errors.remind_s}
          onChange={(remind_s) => form.setFieldValue("remind_s", remind_s)}
        />
      )}
    </FormModal>
  );
}

interface PartProps {
  form: UseFormReturnType<WorkDraft>;
}

function Times({ form, begun }: PartProps & { begun: boolean }) {
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <TextInput
        type="datetime-local"
        label="From"
        withAsterisk
        disabled={begun}
        style={{ flexBasis: 180 }}
        {...form.getInputProps("from")}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        withAsterisk
        style={{ flexBasis: 180 }}
        {...form.getInputProps("until")}
      />
      <ZoneSelect
        label="By the clocks of"
        allowDeselect={false}
        style={{ flexBasis: 160 }}
        {...form.getInputProps("zone")}
      />
    </Group>
  );
}

function Again({ form }: PartProps) {
  const { repeat, from } = form.values;
  return (
    <>
      <Select
        label="Again"
        description={
          repeat
            ? "Each time is announced 60 days ahead, and can be changed by itself"
            : undefined
        }
        data={repeatChoices(from)}
        allowDeselect={false}
        value={repeat}
        onChange={(next) =>
          isRepeat(next) && form.setFieldValue("repeat", next)
        }
      />
      {repeat === "rule" && (
        <TextInput
          label="Rule"
          description="RFC 5545; add COUNT or UNTIL to have it end"
          placeholder="FREQ=MONTHLY;BYMONTHDAY=15"
          maxLength={300}
          styles={{ input: { fontFamily: "monospace" } }}
          {...form.getInputProps("rrule")}
        />
      )}
    </>
  );
}
