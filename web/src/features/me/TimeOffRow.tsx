import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconAlertTriangle, IconCheck, IconClock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteMyTimeOffCalendar,
  type TimeOffCalendar,
} from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { isUnread, timeOffQuery } from "./shift-queries";

const SHOWN = 4;

/** One calendar: whether it can be read, and what it says. */
export function TimeOffRow({ calendar }: { calendar: TimeOffCalendar }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      deleteMyTimeOffCalendar({ path: { calendar_id: calendar.id } }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: timeOffQuery.queryKey }),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: `Read ${calendar.host} no more?`,
      children: (
        <Text size="sm">
          Requests for cover that it has made stay as they are.
        </Text>
      ),
      labels: { confirm: "Remove it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Row
      main={
        <Group justify="space-between" wrap="nowrap" align="start">
          <Stack gap={2} miw={0}>
            <Group gap="4px 12px">
              <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                {calendar.host}
              </Text>
              <State calendar={calendar} />
            </Group>
            {calendar.error && (
              <Text size="sm">
                {capitalised(calendar.error)}.
                {calendar.read_at && " What it said before still holds."}
              </Text>
            )}
            <Away calendar={calendar} />
          </Stack>
          <Button
            size="xs"
            flex="none"
            variant="default"
            loading={isPending}
            onClick={confirm}
          >
            Remove
          </Button>
        </Group>
      }
    />
  );
}

function State({ calendar }: { calendar: TimeOffCalendar }) {
  const { read_at, error } = calendar;
  if (isUnread(calendar))
    return <StateLabel tone="gray" icon={IconClock} word="Not read yet" />;
  return (
    <>
      {error ? (
        <StateLabel
          tone="orange"
          icon={IconAlertTriangle}
          word="Cannot be read"
        />
      ) : (
        <StateLabel tone="teal" icon={IconCheck} word="Read" />
      )}
      {read_at && (
        <Text size="sm" c="dimmed">
          {error && "last read "}
          <Ago at={read_at} />
        </Text>
      )}
    </>
  );
}

function Away({ calendar: { away, read_at } }: { calendar: TimeOffCalendar }) {
  if (!read_at) return null;
  if (away.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No time off in the next 12 weeks
      </Text>
    );
  return (
    <Text size="sm">
      Away{" "}
      {away.slice(0, SHOWN).map(({ start, end }, at) => (
        <span key={start}>
          {at > 0 && ", "}
          <At at={start} /> to <At at={end} />
        </span>
      ))}
      {away.length > SHOWN && ` and ${away.length - SHOWN} more times`}
    </Text>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
