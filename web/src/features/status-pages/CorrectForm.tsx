import { Select, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import {
  correctStatusUpdate,
  type StatusPage,
  type StatusUpdate,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";
import { isStage, isWorkStatus, STAGES, WORKS } from "./states";
import { typedOf } from "./work-draft";

interface Props {
  page: StatusPage;
  update: StatusUpdate;
  onClose: () => void;
}

/** Put right what was told: what it said before stays on record, with the reason. */
export function CorrectForm({ page, update, onClose }: Props) {
  const told = update.published_at !== null;
  const shown = typedOf(update.display_at);
  const due = typedOf(update.publish_at);
  const form = useForm({
    initialValues: {
      body: update.body,
      status: update.status,
      display_at: shown,
      publish_at: due,
      reason: "",
    },
    validate: {
      body: (body) => (body.trim() ? null : "Say what people may know"),
      publish_at: (at) => (instantTyped(at) ? null : "Say when"),
      reason: (reason) => (!told || reason.trim() ? null : "Say why"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ body, status, display_at, publish_at, reason }) =>
      correctStatusUpdate({
        path: { update_id: update.id },
        body: {
          body: body.trim() === update.body ? null : body.trim(),
          status: status === update.status ? null : status,
          display_at: display_at === shown ? null : instantTyped(display_at),
          publish_at: publish_at === due ? null : instantTyped(publish_at),
          reason: reason.trim() || "changed before it was told",
        },
      }),
    stale: [["status-pages"]],
    onSaved: onClose,
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={told ? "Correct what was told" : "Change what will be told"}
      action={told ? "Correct it" : "Save"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      {told && (
        <Text size="sm">
          {page.name} shows the new words at once. What it said before stays on
          record here; nobody is sent another message.
        </Text>
      )}
      <Select
        label="How far it was"
        data={choices(update.status)}
        allowDeselect={false}
        {...form.getInputProps("status")}
      />
      <Textarea
        label="What people read"
        autosize
        minRows={4}
        maxRows={14}
        data-autofocus
        {...form.getInputProps("body")}
      />
      {!told && (
        <TextInput
          type="datetime-local"
          label="Told at"
          description="A time in the past tells it now"
          {...form.getInputProps("publish_at")}
        />
      )}
      {told && (
        <>
          <TextInput
            type="datetime-local"
            label="Dated"
            {...form.getInputProps("display_at")}
          />
          <TextInput
            label="Why"
            description="For the record: only your colleagues read it"
            maxLength={200}
            withAsterisk
            {...form.getInputProps("reason")}
          />
        </>
      )}
    </FormModal>
  );
}

function choices(status: string) {
  const all = isStage(status) || !isWorkStatus(status) ? STAGES : WORKS;
  return Object.entries(all).map(([value, { word }]) => ({
    value,
    label: word,
  }));
}
