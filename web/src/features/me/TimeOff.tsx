import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { createMyTimeOffCalendar } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { timeOffQuery } from "./shift-queries";
import { TimeOffRow } from "./TimeOffRow";

/** Calendars that say when one is away, and so ask for cover. */
export function TimeOff() {
  const query = useQuery(timeOffQuery);
  return (
    <Section title="Time off">
      <Text size="sm" c="dimmed">
        Where an event of such a calendar touches a shift of yours in the next
        12 weeks, cover is asked for. Only events that show you as busy count.
      </Text>
      <Loaded what="Your time-off calendars" query={query} skeleton={null}>
        {(calendars) =>
          calendars.length > 0 && (
            <Rows label="Time-off calendars">
              {calendars.map((calendar) => (
                <TimeOffRow key={calendar.id} calendar={calendar} />
              ))}
            </Rows>
          )
        }
      </Loaded>
      <AddTimeOff />
    </Section>
  );
}

function AddTimeOff() {
  const form = useForm({ initialValues: { url: "" } });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ url }: { url: string }) =>
      createMyTimeOffCalendar({ body: { url: url.trim() } }),
    stale: [timeOffQuery.queryKey],
    onSaved: () => {
      form.reset();
      toastDone("It is read within a minute, and every hour from then on");
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack gap="xs">
        <Group align="end" gap="xs">
          <TextInput
            label="Address of a calendar"
            description="In iCalendar format; it is kept sealed and not shown again"
            placeholder="https:// or webcal://"
            inputMode="url"
            autoCapitalize="off"
            required
            maxLength={2000}
            flex="1 1 260px"
            {...form.getInputProps("url")}
          />
          <Button type="submit" variant="default" loading={isPending}>
            Add the calendar
          </Button>
        </Group>
        <Problem text={problem} />
      </Stack>
    </form>
  );
}
