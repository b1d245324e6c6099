import { Button, Group, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useMe } from "../../me";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { Problem } from "../../ui/Problem";
import { Row } from "../../ui/Rows";
import { duration } from "../../ui/time";
import { dayOf } from "./day-of";
import { type Act, type Handover, headline } from "./handovers";

interface Props {
  handover: Handover;
  /** buttons, or what became of it */
  side: ReactNode;
  /** why the last try did not work */
  problem?: string;
}

/** One shift that may change hands, or did: what for what, and why. */
export function HandoverRow({ handover, side, problem }: Props) {
  const me = useMe();
  const { kind, made, giver } = handover;
  const mine = giver.id === me.id;
  const back = kind === "swap" ? made.in_return : null;
  return (
    <Row
      main={
        <Stack gap={2}>
          <TextLink
            to="/schedules/$scheduleId"
            params={{ scheduleId: made.schedule.id }}
            search={{ at: dayOf(made.start) }}
            fw={600}
          >
            {headline(handover, me.id)}
          </TextLink>
          <Text size="sm">
            {back && (mine ? "You give " : "You get ")}
            <When {...made} />
          </Text>
          {back ? (
            <Text size="sm">
              {mine ? "You get " : "You give "}
              <When {...back} />
            </Text>
          ) : (
            kind === "swap" && (
              <Text size="sm" c="dimmed">
                for nothing in return
              </Text>
            )
          )}
          {made.reason && (
            <Text size="sm" c="dimmed">
              {made.reason}
            </Text>
          )}
          <Problem text={problem} />
        </Stack>
      }
      side={side}
    />
  );
}

function When({ start, end }: { start: string; end: string }) {
  const seconds = (Date.parse(end) - Date.parse(start)) / 1000;
  return (
    <>
      <At at={start} /> to <At at={end} /> ({duration(seconds)})
    </>
  );
}

interface ActsProps {
  handover: Handover;
  busy: boolean;
  onAct: (act: Act) => void;
}

/** What whoever looks can do about something that is open. */
export function Acts({ handover, busy, onAct }: ActsProps) {
  const me = useMe();
  const { kind, giver } = handover;
  const button = (act: Act, text: string, variant = "default") => (
    <Button variant={variant} disabled={busy} onClick={() => onAct(act)}>
      {text}
    </Button>
  );
  return (
    <Group gap="xs">
      {giver.id === me.id && button("withdraw", "Take it back")}
      {giver.id !== me.id && (
        <>
          {button(
            "accept",
            kind === "cover" ? "I take it" : "Accept",
            "filled",
          )}
          {kind === "swap" && button("decline", "Decline")}
        </>
      )}
    </Group>
  );
}
