import { Button, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconBellRinging,
  IconBellX,
  IconClockPause,
  IconPlayerSkipForward,
  IconRefresh,
  IconUrgent,
} from "@tabler/icons-react";
import type { PlanStep } from "../api/generated";
import { At } from "./Ago";
import classes from "./Minutes.module.css";
import { type Item, listed, minutesOf } from "./story";

const MARKS = {
  page: IconBellRinging,
  not_sent: IconBellX,
  skip: IconPlayerSkipForward,
  hold: IconClockPause,
  note: IconRefresh,
  exhausted: IconUrgent,
};
const MOST = 12;

interface Props {
  steps: readonly PlanStep[];
  start: string;
  until: string;
}

/** Minute by minute: who is paged, how and why, if nobody does anything. */
export function Minutes({ steps, start, until }: Props) {
  const [all, { open: showAll }] = useDisclosure();
  const minutes = minutesOf(steps, start, until);
  const shown = all ? minutes : minutes.slice(0, MOST);
  if (minutes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nobody is paged in this hour.
      </Text>
    );
  return (
    <Stack gap="xs">
      <ol className={classes.minutes} aria-label="Minute by minute">
        {shown.map(({ minute, at, items }) => (
          <li key={minute} className={classes.minute}>
            <Text size="sm" component="div">
              <Text size="sm" fw={600}>
                {minute === 0 ? "At once" : `${minute} min`}
              </Text>
              <Text size="xs" c="dimmed">
                <At at={at} />
              </Text>
            </Text>
            <Stack gap={6}>
              {items.map((item, place) => (
                <Happening key={place} item={item} />
              ))}
            </Stack>
          </li>
        ))}
      </ol>
      {shown.length < minutes.length && (
        <Button
          size="compact-sm"
          variant="subtle"
          style={{ alignSelf: "start" }}
          onClick={showAll}
        >
          Show {minutes.length - shown.length} more minutes
        </Button>
      )}
    </Stack>
  );
}

function Happening({ item }: { item: Item }) {
  const Mark = MARKS[item.kind];
  return (
    <div className={classes.item} data-kind={item.kind}>
      <Mark size={16} aria-hidden />
      <div>
        <Text size="sm">
          {item.who && (
            <Text span inherit fw={600}>
              {listed(item.who)}{" "}
            </Text>
          )}
          {item.what}
          {item.until && (
            <>
              {" "}
              before <At at={item.until} />
            </>
          )}
        </Text>
        {item.why && (
          <Text size="xs" c="dimmed">
            {item.why}
          </Text>
        )}
      </div>
    </div>
  );
}
