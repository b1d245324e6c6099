import type { LimitViolation } from "../../api/generated";

interface Kind {
  /** what there was too much of */
  what: string;
  /** what became of what was too much */
  became: string;
}

const REFUSED = "refused for a moment";
const FOLDED = "stored, and counted in one alert";

const KINDS: Readonly<Record<string, Kind>> = {
  "ingest.key": { what: "Requests of one integration", became: FOLDED },
  "ingest.address": {
    what: "Requests of tools at one address",
    became: FOLDED,
  },
  "ingest.key.hard": {
    what: "Requests of one integration, far above its limit",
    became: "refused: the tool is told to come again",
  },
  "ingest.address.hard": {
    what: "Requests of tools at one address, far above the limit",
    became: "refused: the tool is told to come again",
  },
  "api.reads": { what: "Questions to the API", became: REFUSED },
  "api.changes": { what: "Changes through the API", became: REFUSED },
  public: { what: "Public pages and routes", became: REFUSED },
  link: { what: "One link of a message, again and again", became: REFUSED },
  "link.wrong": { what: "Links that lead nowhere", became: REFUSED },
  socket: { what: "Messages of one open page", became: "disconnected" },
  "sign_in.address": {
    what: "Attempts to sign in from one address",
    became: REFUSED,
  },
  "sign_in.email": {
    what: "Attempts to sign in as one person",
    became: REFUSED,
  },
  "sign_in.device": {
    what: "Attempts to sign in from a known device",
    became: REFUSED,
  },
  password: { what: "Attempts to give one's own password", became: REFUSED },
};

/** What a limit is about, and what happens above it. */
export function kindOf(kind: string): Kind {
  return KINDS[kind] ?? { what: kind, became: REFUSED };
}

type Subject = Pick<LimitViolation, "kind" | "subject" | "name">;

/** Who it was: by name where it is known, else the address or what else is counted. */
export function whoOf({ kind, subject, name }: Subject): string {
  if (name !== null) return name;
  // the device comes first, and means nothing to people
  if (kind === "sign_in.device") return subject.split(" ").slice(1).join(" ");
  if (kind === "sign_in.email") {
    const [network, ...email] = subject.split(" ");
    return `${email.join(" ")} from ${network}`;
  }
  return subject;
}

/** The integration whose page says more; none: it is not about one. */
export function integrationOf({ kind, subject, name }: Subject) {
  return kind.startsWith("ingest.key") && name !== null ? subject : undefined;
}

/** "1 time", "2,300 times" */
export function times(count: number): string {
  return count === 1 ? "once" : `${count.toLocaleString()} times`;
}
