import {
  IconBan,
  IconCircleCheck,
  IconClockOff,
  IconDoorEnter,
  IconDoorExit,
  IconEye,
  IconMailForward,
  IconX,
} from "@tabler/icons-react";
import type { PartnerAccess, Standing } from "../../api/generated";
import type { StateLabel } from "../../ui/StateLabel";

type Look = Parameters<typeof StateLabel>[0];

/** Where a partner stands. */
export const STANDINGS: Readonly<Record<Standing, Look>> = {
  invited: { tone: "blue", icon: IconMailForward, word: "Never signed in" },
  active: { tone: "teal", icon: IconCircleCheck, word: "Active" },
  expired: { tone: "gray", icon: IconClockOff, word: "Expired" },
  deactivated: { tone: "gray", icon: IconX, word: "Deactivated" },
};

export const STANDING_CHOICES = Object.entries(STANDINGS).map(
  ([value, { word }]) => ({ value, label: word }),
);

export function isStanding(text: string | undefined): text is Standing {
  return text !== undefined && text in STANDINGS;
}

/** What a partner did, or tried. */
export const KINDS: Readonly<Record<PartnerAccess["kind"], Look>> = {
  signed_in: { tone: "blue", icon: IconDoorEnter, word: "Signed in" },
  signed_out: { tone: "gray", icon: IconDoorExit, word: "Signed out" },
  viewed: { tone: "teal", icon: IconEye, word: "Looked" },
  denied: { tone: "orange", icon: IconBan, word: "Refused" },
};

export const KIND_CHOICES = Object.entries(KINDS).map(([value, { word }]) => ({
  value,
  label: word,
}));

export function isKind(
  text: string | undefined,
): text is PartnerAccess["kind"] {
  return text !== undefined && text in KINDS;
}
