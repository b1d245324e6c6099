import { Button, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type Component,
  deleteComponentOverride,
  putComponentOverride,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { useSave } from "../../ui/use-save";
import { instantTyped } from "../../ui/when";
import { isState, STATE_CHOICES } from "./states";

const SPANS = [
  { value: "1", label: "For an hour" },
  { value: "4", label: "For 4 hours" },
  { value: "24", label: "For a day" },
  { value: "at", label: "Until a time" },
  { value: "", label: "Until somebody ends it" },
];
const HOUR_MS = 3_600_000;

interface Props {
  component: Component;
  onClose: () => void;
}

/** Say by hand how a component is. */
export function OverrideForm({ component, onClose }: Props) {
  const queryClient = useQueryClient();
  const path = { component_id: component.id };
  const form = useForm({
    initialValues: {
      state: component.override_state ?? component.state,
      span: "1",
      until: "",
    },
    validate: {
      until: (until, { span }) =>
        span === "at" && !instantTyped(until) ? "Say until when" : null,
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ state, span, until }) =>
      putComponentOverride({
        path,
        body: { state, until: endOf(span, until, Date.now()) },
      }),
    stale: [["status-pages"]],
    onSaved: onClose,
  });
  const end = useMutation({
    mutationFn: () => deleteComponentOverride({ path }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Set ${component.name} by hand`}
      action="Set it"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Select
        label="It is"
        description="Wins over incidents; planned work under way wins over it"
        data={STATE_CHOICES}
        allowDeselect={false}
        data-autofocus
        value={form.values.state}
        onChange={(state) =>
          isState(state) && form.setFieldValue("state", state)
        }
      />
      <Select
        label="How long"
        data={SPANS}
        allowDeselect={false}
        {...form.getInputProps("span")}
      />
      {form.values.span === "at" && (
        <TextInput
          type="datetime-local"
          label="Until"
          {...form.getInputProps("until")}
        />
      )}
      {component.override_state && (
        <Button
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          End it: believe incidents again
        </Button>
      )}
    </FormModal>
  );
}

/** When what is said by hand ends; null: when somebody ends it. */
function endOf(span: string, until: string, now: number): string | null {
  if (span === "at") return instantTyped(until);
  return span ? new Date(now + Number(span) * HOUR_MS).toISOString() : null;
}
