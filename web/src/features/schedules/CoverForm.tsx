import { Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type CoverRequest, createCoverRequest } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { SpanFields, tooEarly } from "./SpanFields";
import type { SwapForm } from "./SwapForm";
import { instantTyped, typedAt } from "./typed";

interface Wanted {
  /** 2026-11-23T09:00, in the zone that is shown */
  from: string;
  until: string;
  reason: string;
}

/** Ask whoever could have a shift of one's own to take it. */
export function CoverForm(props: Parameters<typeof SwapForm>[0]) {
  const { schedule, shift, zone, onClose } = props;
  const form = useForm<Wanted>({
    initialValues: {
      from: typedAt(shift.start, zone),
      until: typedAt(shift.end, zone),
      reason: "",
    },
    validate: { until: tooEarly },
  });
  const { save, isPending, problem } = useSave<Wanted, CoverRequest>({
    form,
    send: ({ from, until, reason }) =>
      createCoverRequest({
        path: { schedule_id: schedule.id },
        body: {
          start: instantTyped(from, zone),
          end: instantTyped(until, zone),
          reason: reason.trim() || null,
        },
      }),
    stale: [["schedules"]],
    rename: { start: "from", end: "until" },
    onSaved: () => {
      toastDone("They are asked; who takes it is under “On call”");
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Ask for cover in ${schedule.name}`}
      action="Ask for cover"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <SpanFields
        from={form.getInputProps("from")}
        until={form.getInputProps("until")}
        schedule={schedule}
        zone={zone}
      />
      <TextInput
        label="Why"
        placeholder="Ill, travelling …"
        maxLength={500}
        {...form.getInputProps("reason")}
      />
      <Text size="sm" c="dimmed">
        Everybody in the schedule and all responders of {schedule.team.name} are
        told. The first to accept has the shift; until then it is yours.
      </Text>
    </FormModal>
  );
}
