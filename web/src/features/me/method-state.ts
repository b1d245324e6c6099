import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
} from "@tabler/icons-react";
import type { ChannelKind, ContactMethodOut } from "../../api/generated";
import type { Tone } from "../../ui/StateLabel";

interface State {
  tone: Tone;
  icon: Icon;
  word: string;
  /** why it is not used, and what to do */
  why?: string;
}

type Method = Pick<
  ContactMethodOut,
  "disabled_at" | "disabled_reason" | "unverified_since"
>;

/** Whether one is paged there, and if not, why. */
export function stateOf(
  method: Method,
  channel: Pick<ChannelKind, "title" | "set_up"> | undefined,
): State {
  if (method.disabled_at)
    return {
      tone: "red",
      icon: IconBan,
      word: "Not used",
      why: method.disabled_reason ?? undefined,
    };
  if (channel?.set_up === false)
    return {
      tone: "orange",
      icon: IconAlertTriangle,
      word: "Not set up",
      why: `Nothing can be sent by ${channel.title} until a platform admin sets it up.`,
    };
  if (method.unverified_since)
    return {
      tone: "yellow",
      icon: IconCircleDashed,
      word: "Not verified",
      why: "It is not used until a code has proven that it is yours.",
    };
  return { tone: "teal", icon: IconCircleCheck, word: "In use" };
}

type Linked = Pick<ContactMethodOut, "id" | "channel" | "proven_at">;

/** The address of a chat that was linked meanwhile: it is new, or was proven anew. */
export function linkedSince<Each extends Linked>(
  before: readonly Linked[],
  after: readonly Each[],
  channel: string,
): Each | undefined {
  return after.find(
    (each) =>
      each.channel === channel &&
      !before.some(
        ({ id, proven_at }) => id === each.id && proven_at === each.proven_at,
      ),
  );
}

/** What of an address tells people something: of one that lets others write only the host. */
export function addressWords({
  address,
}: Pick<ContactMethodOut, "address">): string {
  const { endpoint, url, mine } = address;
  if (typeof endpoint === "string") return hostOf(endpoint);
  if (typeof url === "string" && mine !== undefined) return hostOf(url);
  return Object.values(address)
    .filter((value) => typeof value === "string" || typeof value === "number")
    .join(" · ");
}

function hostOf(url: string): string {
  return url.split("/")[2] ?? "";
}
