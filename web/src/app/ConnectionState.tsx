import { Group, Stack, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import {
  IconCloudOff,
  IconPlugConnected,
  IconPlugConnectedX,
} from "@tabler/icons-react";
import { nameOf } from "../pwa/actions";
import { useNetwork } from "../pwa/network";
import { useUnsent } from "../pwa/unsent";
import { useConnection } from "../realtime";
import { useNow } from "../ui/now";
import classes from "../ui/StateLabel.module.css";
import { clockTime } from "../ui/time";

const LOOK = {
  live: {
    icon: IconPlugConnected,
    word: "Live",
    tone: "teal",
    why: "What changes appears at once.",
  },
  connecting: {
    icon: IconPlugConnected,
    word: "Connecting",
    tone: "gray",
    why: "Just a moment.",
  },
  polling: {
    icon: IconPlugConnectedX,
    word: "Not live",
    tone: "gray",
    why: "No live connection: the screen is refreshed every 30 seconds.",
  },
  offline: {
    icon: IconCloudOff,
    word: "Offline",
    tone: "orange",
    why: "PageFree does not answer. You see what was seen last.",
  },
};

/** Always on the screen: how fresh it is, and what has not been sent. */
export function ConnectionState() {
  const connection = useConnection();
  const { reached, asOf } = useNetwork();
  const unsent = useUnsent();
  const now = useNow(60);
  const state = reached ? connection : "offline";
  const { icon: Mark, word, tone, why } = LOOK[state];
  const old = !reached && asOf ? ` as of ${clockTime(asOf, now)}` : "";
  const said = [
    word + old,
    ...(unsent.length > 0 ? [`${unsent.length} to send`] : []),
  ].join(" · ");
  return (
    <Tooltip
      multiline
      maw={280}
      events={{ hover: true, focus: true, touch: true }}
      label={
        <Stack gap={2}>
          <span>{why}</span>
          {unsent.map((action) => (
            <span key={action.id}>To be sent: {nameOf(action)}</span>
          ))}
        </Stack>
      }
    >
      <Group
        gap={4}
        wrap="nowrap"
        role="status"
        className={classes.state}
        data-tone={tone}
        data-connection={state}
      >
        <Mark size={16} aria-hidden className={classes.icon} />
        {/* a phone has room only for what is not as usual */}
        {state === "live" && unsent.length === 0 ? (
          <>
            <VisuallyHidden hiddenFrom="sm">{said}</VisuallyHidden>
            <Text size="xs" visibleFrom="sm" className={classes.word}>
              {said}
            </Text>
          </>
        ) : (
          <Text size="xs" className={classes.word}>
            {said}
          </Text>
        )}
      </Group>
    </Tooltip>
  );
}
