import {
  Group,
  SegmentedControl,
  Select,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createGap, createOverrides, type Schedule } from "../../api/generated";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { type Person, PersonSelect } from "../../ui/PersonSelect";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { type Override, onCallWithin, overrideOf } from "./override";
import { timelineQuery } from "./queries";
import { SpanFields, tooEarly } from "./SpanFields";
import { typedAt } from "./typed";
import type { Span } from "./use-draw";

/** What somebody drew or pressed. */
export interface Wish extends Span {
  user?: Person;
  replaces?: Person;
}

interface Props {
  schedule: Schedule;
  wish: Wish;
  /** of the times that are typed */
  zone: string;
  /** may put anybody on call, not only oneself */
  mayEdit: boolean;
  onClose: () => void;
}

/** Put somebody on call for a while, or declare that nobody is. */
export function OverrideForm(props: Props) {
  const { schedule, wish, zone, mayEdit, onClose } = props;
  const me = useMe();
  const form = useForm<Override>({
    initialValues: {
      kind: "cover",
      user: wish.user ?? { id: me.id, name: me.name },
      from: typedAt(wish.start, zone),
      until: typedAt(wish.end, zone),
      replaces: wish.replaces?.id ?? "",
      reason: "",
    },
    validate: { until: tooEarly },
  });
  const { kind, user, replaces } = form.values;
  const path = { schedule_id: schedule.id };
  const { save, isPending, problem } = useSave<Override, unknown>({
    form,
    send: async (values) => {
      const body = overrideOf(values, zone);
      if (body.kind === "gap") await createGap({ path, body: body.gap });
      else
        await createOverrides({ path, body: { overrides: [body.override] } });
    },
    stale: [["schedules"], ["on-call"]],
    onSaved: () => {
      toastDone(
        kind === "gap"
          ? "Nobody is on call then, by design"
          : `${user.name} is on call then`,
      );
      onClose();
    },
  });
  const timeline = useQuery(timelineQuery(schedule.id, wish.start, wish.end));
  const others = onCallWithin(timeline.data, wish.replaces);

  return (
    <FormModal
      opened
      onClose={onClose}
      title={`Override ${schedule.name}`}
      action={
        kind === "gap" ? "Leave it to nobody" : `Put ${user.name} on call`
      }
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      {mayEdit && (
        <SegmentedControl
          fullWidth
          aria-label="What"
          data={[
            { value: "cover", label: "Somebody covers" },
            { value: "gap", label: "Nobody, by design" },
          ]}
          {...form.getInputProps("kind")}
        />
      )}
      {kind === "cover" && (
        <Group align="start" grow preventGrowOverflow={false}>
          {mayEdit ? (
            <PersonSelect
              label="Who"
              value={user}
              onPick={(picked) => form.setFieldValue("user", picked)}
            />
          ) : (
            <TextInput label="Who" value={`${user.name} (you)`} readOnly />
          )}
          <Select
            label="Instead of"
            allowDeselect={false}
            data={[
              { value: "", label: "Whoever is on call" },
              ...others.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            {...form.getInputProps("replaces")}
          />
        </Group>
      )}
      <SpanFields
        from={form.getInputProps("from")}
        until={form.getInputProps("until")}
        schedule={schedule}
        zone={zone}
      />
      <TextInput
        label="Why"
        placeholder={kind === "gap" ? "Office closed" : "Holiday, dentist …"}
        maxLength={300}
        {...form.getInputProps("reason")}
      />
      <Text size="sm" c="dimmed">
        {kind === "gap"
          ? "Steps that ask this schedule page nobody then. It is not reported as a gap."
          : replaces
            ? "Only while that person is on call in this time; everything else stays."
            : "For the whole time, whoever would have been on call."}
      </Text>
    </FormModal>
  );
}
