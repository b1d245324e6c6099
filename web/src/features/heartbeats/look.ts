import {
  IconActivityHeartbeat,
  IconAlertCircle,
  IconCircleCheck,
  IconCircleX,
  IconClockExclamation,
  IconFileText,
  IconHourglassEmpty,
  IconPlayerPause,
  IconPlayerPlay,
  IconQuestionMark,
} from "@tabler/icons-react";
import type { Heartbeat, HeartbeatPing } from "../../api/generated";
import type { StateLabel } from "../../ui/StateLabel";
import { exactly } from "../../ui/spans";

type Look = Parameters<typeof StateLabel>[0];
type State = Heartbeat["state"];

/** Every state with its word; red only where a person is needed. */
export const STATES: Readonly<Record<State, Look>> = {
  down: { tone: "red", icon: IconAlertCircle, word: "Down" },
  late: { tone: "yellow", icon: IconClockExclamation, word: "Late" },
  up: { tone: "teal", icon: IconCircleCheck, word: "Up" },
  new: { tone: "gray", icon: IconHourglassEmpty, word: "No ping yet" },
  paused: { tone: "violet", icon: IconPlayerPause, word: "Paused" },
};

export function isState(text: string | undefined): text is State {
  return text !== undefined && text in STATES;
}

export const PINGS: Readonly<Record<HeartbeatPing["kind"], Look>> = {
  success: { tone: "teal", icon: IconCircleCheck, word: "Done" },
  fail: { tone: "red", icon: IconCircleX, word: "Failed" },
  start: { tone: "blue", icon: IconPlayerPlay, word: "Began" },
  log: { tone: "gray", icon: IconFileText, word: "Log" },
  ignored: { tone: "gray", icon: IconQuestionMark, word: "Not counted" },
};

export const ICON = IconActivityHeartbeat;

const REASONS: Readonly<Record<NonNullable<Heartbeat["reason"]>, string>> = {
  missed: "no ping came in time",
  unfinished: "a run that began has not ended in time",
  failed: "it said that it failed",
};

/** Why it is down, in words. */
export function why({ reason, failures }: Heartbeat): string | undefined {
  if (!reason) return undefined;
  return reason === "failed" && failures > 1
    ? `it said that it failed, ${failures} times in a row`
    : REASONS[reason];
}

type When = Pick<Heartbeat, "period_s" | "cron" | "time_zone" | "grace_s">;

/** "every 1 d, 1 h of grace". */
export function rhythm({ period_s, cron, time_zone, grace_s }: When): string {
  const often =
    period_s === null ? `${cron} (${time_zone})` : `every ${exactly(period_s)}`;
  return `${often}, ${exactly(grace_s)} of grace`;
}
