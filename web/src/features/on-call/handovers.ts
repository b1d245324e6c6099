import {
  type CoverRequest,
  deleteCoverRequest,
  deleteSwap,
  putCoverRequestAcceptance,
  putSwapAcceptance,
  putSwapRefusal,
  type Swap,
} from "../../api/generated";
import type { Tone } from "../../ui/StateLabel";

interface Of<Kind, Made> {
  kind: Kind;
  made: Made;
  /** whose shift it is */
  giver: { id: string; name: string };
}

/** A shift that may change hands: offered to one person, or to whoever takes it. */
export type Handover = Of<"swap", Swap> | Of<"cover", CoverRequest>;

export type Act = "accept" | "decline" | "withdraw";

export interface Sorted {
  /** for whoever looks to decide, soonest first */
  toAnswer: Handover[];
  /** of whoever looks, waiting for others, soonest first */
  waiting: Handover[];
  /** the newest decision first */
  ended: Handover[];
}

/** Offers and requests by what can be done about them. */
export function sorted(
  swaps: readonly Swap[],
  covers: readonly CoverRequest[],
  me: string,
): Sorted {
  const all: Handover[] = [
    ...swaps.map(
      (made) => ({ kind: "swap", made, giver: made.offered_by }) as const,
    ),
    ...covers.map(
      (made) => ({ kind: "cover", made, giver: made.user }) as const,
    ),
  ];
  const open = all
    .filter(({ made }) => made.status === "open")
    .sort((a, b) => Date.parse(a.made.start) - Date.parse(b.made.start));
  const when = ({ made }: Handover) =>
    Date.parse(made.decided_at ?? made.created_at);
  return {
    toAnswer: open.filter(({ giver }) => giver.id !== me),
    waiting: open.filter(({ giver }) => giver.id === me),
    ended: all
      .filter(({ made }) => made.status !== "open")
      .sort((a, b) => when(b) - when(a)),
  };
}

/** "Ana offers you a shift in Payments", for whoever looks. */
export function headline({ kind, made, giver }: Handover, me: string): string {
  const name = made.schedule.name;
  const mine = giver.id === me;
  if (kind === "cover")
    return mine
      ? `You ask for cover in ${name}`
      : `${giver.name} asks for cover in ${name}`;
  return mine
    ? `You offer ${made.offered_to.name} a shift in ${name}`
    : `${giver.name} offers you a shift in ${name}`;
}

/** What became of it: a word, and whether the shift changed hands. */
export function fate({ kind, made }: Handover, me: string): [string, Tone] {
  if (kind === "cover" && made.status === "covered") {
    const taker = made.covered_by;
    const who = taker?.id === me ? "You have it" : `${taker?.name} has it`;
    return [who, "teal"];
  }
  return made.status === "accepted"
    ? ["Swapped", "teal"]
    : [FATES[made.status], "gray"];
}

const FATES: Record<Swap["status"] | CoverRequest["status"], string> = {
  open: "Open",
  accepted: "Swapped",
  covered: "Covered",
  declined: "Declined",
  withdrawn: "Taken back",
  expired: "Nobody answered",
};

/** Decide it; the server refuses what has changed in the meantime. */
export async function decide({ kind, made }: Handover, act: Act) {
  if (kind === "cover") {
    const path = { cover_request_id: made.id };
    if (act === "accept") await putCoverRequestAcceptance({ path });
    else await deleteCoverRequest({ path });
    return;
  }
  const path = { swap_id: made.id };
  if (act === "accept") await putSwapAcceptance({ path });
  else if (act === "decline") await putSwapRefusal({ path });
  else await deleteSwap({ path });
}
