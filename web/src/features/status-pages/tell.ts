import type {
  Stage,
  StatusIncident,
  StatusIncidentIn,
  StatusProposal,
  StatusUpdateIn,
  ToldTo,
} from "../../api/generated";
import { instantTyped } from "../../ui/when";
import type { Impact, State } from "./states";

export type States = Record<string, State>;

/** Something to tell, as it is being written. */
export interface Draft {
  /** of a new incident */
  name: string;
  status: Stage;
  body: string;
  components: States;
  told_to: ToldTo;
  /** on the page only */
  quiet: boolean;
  /** "" or as a field for date and time has it: tell it then */
  publish_at: string;
  /** "" or the time that is shown with it */
  display_at: string;
  /** "": as the components say */
  impact: Impact | "";
}

const PLAIN = {
  told_to: "everyone",
  quiet: false,
  publish_at: "",
  display_at: "",
  impact: "",
} as const;

/** What a template proposes, to be read and changed. */
export function newDraft(proposal: StatusProposal): Draft {
  const { name, body, status, components } = proposal;
  return { ...PLAIN, name, body, status, components };
}

/** More about an incident: as it is until somebody says otherwise. */
export function moreOf(incident: StatusIncident): Draft {
  return {
    ...PLAIN,
    name: incident.name,
    body: "",
    status: incident.status,
    components: Object.fromEntries(
      incident.components.map(({ component_id, state }) => [
        component_id,
        state,
      ]),
    ),
  };
}

export function isOver({ status }: Pick<Draft, "status">): boolean {
  return status === "resolved" || status === "postmortem";
}

export function updateOf(draft: Draft): StatusUpdateIn {
  const { status, body, components, told_to, quiet } = draft;
  return {
    status,
    body: body.trim(),
    told_to,
    quiet,
    // how they were stays on record once it is over
    components: isOver(draft) ? null : components,
    publish_at: instantTyped(draft.publish_at),
    display_at: instantTyped(draft.display_at),
  };
}

export function incidentOf(
  draft: Draft,
  incidentId: string | undefined,
): StatusIncidentIn {
  return {
    name: draft.name.trim(),
    update: { ...updateOf(draft), components: draft.components },
    components: draft.components,
    impact: draft.impact || null,
    incident_id: incidentId ?? null,
  };
}

/** What is missing or wrong, by field. */
export function problemsOf(draft: Draft, now: number): Record<string, string> {
  const publishAt = instantTyped(draft.publish_at);
  const displayAt = instantTyped(draft.display_at);
  const shownBy = publishAt ? Date.parse(publishAt) : now;
  const found: [string, string | false][] = [
    ["name", !draft.name.trim() && "Say in a few words what is wrong"],
    ["body", !draft.body.trim() && "Say what people may know"],
    [
      "publish_at",
      publishAt !== null &&
        Date.parse(publishAt) <= now &&
        "This has passed: leave it empty to publish now",
    ],
    [
      "display_at",
      displayAt !== null &&
        Date.parse(displayAt) > shownBy &&
        "It cannot be dated later than it is told",
    ],
  ];
  return Object.fromEntries(
    found.flatMap(([path, text]) => (text ? [[path, text]] : [])),
  );
}

/** A draft that was kept through a reload; nothing if it cannot be read. */
export function draftFrom(text: string): Draft | undefined {
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== "object" || kept === null) return undefined;
    const whole = ["name", "status", "body", "components", "publish_at"];
    return whole.every((name) => name in kept) ? (kept as Draft) : undefined;
  } catch {
    return undefined;
  }
}
