import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
} from "@tabler/icons-react";
import type { ChannelKind, Room } from "../../api/generated";
import type { Tone } from "../../ui/StateLabel";

interface State {
  tone: Tone;
  icon: Icon;
  word: string;
  /** why nothing is posted there, and what to do */
  why?: string;
}

type Facts = Pick<Room, "disabled_at" | "disabled_reason" | "unverified_since">;

/** Whether anything is posted there, and if not, why. */
export function roomState(
  room: Facts,
  channel: Pick<ChannelKind, "title" | "set_up"> | undefined,
): State {
  if (room.disabled_at)
    return {
      tone: "red",
      icon: IconBan,
      word: "Not used",
      why: room.disabled_reason ?? undefined,
    };
  if (channel?.set_up === false)
    return {
      tone: "orange",
      icon: IconAlertTriangle,
      word: "Not set up",
      why: `Nothing can be posted in ${channel.title} until a platform admin sets it up.`,
    };
  if (room.unverified_since)
    return {
      tone: "yellow",
      icon: IconCircleDashed,
      word: "Not proven",
      why: "Nothing is posted until somebody who reads it has typed in a code from there.",
    };
  return { tone: "teal", icon: IconCircleCheck, word: "In use" };
}
