import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconLock,
  IconPlayerPause,
} from "@tabler/icons-react";
import type { ChannelKind, ProviderHealth } from "../../api/generated";
import type { Tone } from "../../ui/StateLabel";
import { fieldsOf } from "../../ui/schema";

interface State {
  tone: Tone;
  icon: Icon;
  word: string;
  /** what is wrong, and what to do */
  why?: string;
}

type Health = Pick<
  ProviderHealth,
  "channel" | "provider" | "broken_reason" | "rests_until"
>;

const MEND =
  "Put the credentials right, then send yourself a test. Meanwhile people are reached in their next way.";
const UNREADABLE =
  "What was stored cannot be read with this installation's key. Type the credentials in again.";

/** Where a channel stands, for whoever sets it up. */
export function stateOf(
  channel: Pick<ChannelKind, "kind" | "set_up" | "setup">,
  providers: readonly Health[],
  now: number,
): State {
  const { set_up, setup } = channel;
  if (!set_up)
    return { tone: "gray", icon: IconCircleDashed, word: "Not set up" };
  if (isUnreadable(channel)) return broken(UNREADABLE);
  const mine = providers.filter((each) => each.channel === channel.kind);
  const refused = mine.find(({ broken_reason }) => broken_reason);
  if (refused)
    return broken(`${named(refused)}${refused.broken_reason}. ${MEND}`);
  const resting = mine.find(
    ({ rests_until }) => rests_until && Date.parse(rests_until) > now,
  );
  if (resting)
    return {
      tone: "orange",
      icon: IconPlayerPause,
      word: "Resting",
      why: `${named(resting)}it failed several times in a row, and is asked again in a moment. Meanwhile people are reached in their next way.`,
    };
  if (setup?.source === "operator")
    return { tone: "teal", icon: IconLock, word: "Set by the operator" };
  const word = setup ? "Set up" : "Ready";
  return { tone: "teal", icon: IconCircleCheck, word };
}

function broken(why: string): State {
  return { tone: "red", icon: IconAlertTriangle, word: "Broken", why };
}

function named({ provider }: Health): string {
  return provider ? `${provider}: ` : "";
}

/** Stored, but sealed with a key that is not there any more: even what is no secret is missing. */
function isUnreadable({ setup }: Pick<ChannelKind, "setup">): boolean {
  if (setup?.source !== "admin") return false;
  const open = fieldsOf(setup.config_schema).some(
    ({ kind }) => kind !== "password",
  );
  return open && Object.keys(setup.values).length === 0;
}
