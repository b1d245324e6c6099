import { Select, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createSwap, type Schedule, type Swap } from "../../api/generated";
import { membersQuery } from "../../api/queries";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { useNow } from "../../ui/now";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { keyOf, type Offer, shiftsOf, swapOf, takers } from "./hand-over";
import { shiftsQuery } from "./queries";
import { SpanFields, tooEarly } from "./SpanFields";
import { typedAt } from "./typed";
import type { Span } from "./use-draw";
import { moment } from "./words";

interface Props {
  schedule: Schedule;
  /** of whoever looks */
  shift: Span;
  /** of the times that are typed */
  zone: string;
  onClose: () => void;
}

/** Offer a shift of one's own to somebody, for one of theirs or for nothing. */
export function SwapForm({ schedule, shift, zone, onClose }: Props) {
  const me = useMe();
  const form = useForm<Offer>({
    initialValues: {
      to: "",
      from: typedAt(shift.start, zone),
      until: typedAt(shift.end, zone),
      inReturn: "",
      reason: "",
    },
    validate: {
      to: (to) => (to ? null : "Choose to whom you offer it"),
      until: tooEarly,
    },
  });
  const team = useQuery(membersQuery(schedule.team.id)).data ?? [];
  const people = takers(schedule, team, me.id);
  const taker = people.find(({ id }) => id === form.values.to);
  const returns = useShiftsOf(schedule.id, form.values.to, shift);
  const { save, isPending, problem } = useSave<Offer, Swap>({
    form,
    send: (values) =>
      createSwap({
        path: { schedule_id: schedule.id },
        body: swapOf(values, zone),
      }),
    stale: [["schedules"]],
    rename: { user_id: "to", start: "from", end: "until" },
    onSaved: ({ offered_to }) => {
      toastDone(`${offered_to.name} is asked; the answer is under “On call”`);
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Offer your shift in ${schedule.name}`}
      action={taker ? `Offer it to ${taker.name}` : "Offer it"}
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
      <Select
        label="To"
        placeholder="Somebody of the schedule or its team"
        searchable
        allowDeselect={false}
        nothingFoundMessage="Nobody else could have it"
        data={people.map(({ id, name }) => ({ value: id, label: name }))}
        {...form.getInputProps("to")}
        onChange={(to) => form.setValues({ to: to ?? "", inReturn: "" })}
      />
      <Select
        label="In return"
        disabled={!taker}
        allowDeselect={false}
        data={[
          { value: "", label: "Nothing" },
          ...returns.map((each) => ({
            value: keyOf(each),
            label: `${moment(each.start, zone)} to ${moment(each.end, zone)}`,
          })),
        ]}
        {...form.getInputProps("inReturn")}
      />
      <TextInput
        label="Why"
        placeholder="Wedding, dentist …"
        maxLength={500}
        {...form.getInputProps("reason")}
      />
      <Text size="sm" c="dimmed">
        {taker?.name ?? "Whoever you choose"} is told, and accepts or declines.
        Until then nothing changes, and you can take it back.
      </Text>
    </FormModal>
  );
}

const HOUR_S = 3600;
const WEEKS_AHEAD = 12;

/** What somebody could give for a shift: their own of the next weeks. */
function useShiftsOf(scheduleId: string, userId: string, offered: Span) {
  // to the hour, so that the question stays the same for a while
  const now = useNow(HOUR_S);
  const end = now + WEEKS_AHEAD * 7 * 24 * HOUR_S * 1000;
  const query = useQuery({
    ...shiftsQuery(scheduleId, now, end),
    enabled: userId !== "",
  });
  return shiftsOf(userId, query.data ?? [], offered, now);
}
