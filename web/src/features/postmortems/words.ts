import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconEyeCheck,
  IconPencil,
  IconWorldCheck,
} from "@tabler/icons-react";
import type {
  ItemStatus,
  PostmortemMove,
  PostmortemState,
} from "../../api/generated";
import type { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";

type Look = Parameters<typeof StateLabel>[0];

export const STATES: Record<PostmortemState, Look> = {
  draft: { tone: "gray", icon: IconPencil, word: "Draft" },
  in_review: { tone: "yellow", icon: IconEyeCheck, word: "In review" },
  published: { tone: "teal", icon: IconWorldCheck, word: "Published" },
};

export const ITEM_STATES: Record<ItemStatus, Look> = {
  open: { tone: "blue", icon: IconCircleDashed, word: "Open" },
  done: { tone: "teal", icon: IconCircleCheck, word: "Done" },
  dropped: { tone: "gray", icon: IconCircleX, word: "Dropped" },
};

/** What the buttons say. */
export const MOVES: Record<PostmortemMove, string> = {
  submitted: "Send to review",
  returned: "Back to draft",
  published: "Publish",
  reopened: "Open again",
};

export function choicesOf(looks: Record<string, { word: string }>) {
  return Object.entries(looks).map(([value, { word }]) => ({
    value,
    label: word,
  }));
}

/** `value`, if it is one of the names. */
export function oneOf<Name extends string>(
  names: Record<Name, unknown>,
  value: string | null | undefined,
): Name | undefined {
  for (const name in names) if (name === value) return name;
  return undefined;
}

/** "42 min", "2 h 10 min"; undefined while one of the incidents is open. */
export function lasted(
  startedAt: string,
  resolvedAt: string | null | undefined,
): string | undefined {
  if (!resolvedAt) return undefined;
  return duration((Date.parse(resolvedAt) - Date.parse(startedAt)) / 1000);
}

/** "OPS-12" of a ticket's address, or its host. */
export function ticketName(url: string, key: string | null): string {
  if (key) return key;
  const found = /\/([A-Z][A-Z0-9]{1,9}-\d{1,9})(?:[/?#]|$)/.exec(url)?.[1];
  if (found) return found;
  return URL.canParse(url) ? new URL(url).host : "Ticket";
}
