import type {
  PostmortemContent,
  PostmortemImpact,
  PostmortemLine,
} from "../../api/generated";

export type Impact = Required<PostmortemImpact>;
export type Line = Required<PostmortemLine>;

/** All that is written, with nothing left out. */
export interface Content {
  title: string;
  summary: string;
  body: string;
  impact: Impact;
  timeline: Line[];
  tags: string[];
}

/** What the server sent, with nothing left out. */
export function contentOf(given: PostmortemContent): Content {
  const { impact } = given;
  return {
    title: given.title,
    summary: given.summary ?? "",
    body: given.body ?? "",
    impact: {
      started_at: impact.started_at,
      acknowledged_at: impact.acknowledged_at ?? null,
      resolved_at: impact.resolved_at ?? null,
      people: impact.people ?? [],
      alerts: impact.alerts ?? 0,
      folded: impact.folded ?? 0,
      note: impact.note ?? "",
    },
    timeline: (given.timeline ?? []).map((line) => ({
      ...line,
      incident: line.incident ?? null,
      hidden: line.hidden ?? false,
    })),
    tags: given.tags ?? [],
  };
}

/** In the order of time; of one instant, as they were. */
export function inOrder(timeline: readonly Line[]): Line[] {
  return timeline.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The lines that readers see. */
export function shown(timeline: readonly Line[]): Line[] {
  return timeline.filter(({ hidden, text }) => !hidden && text.trim() !== "");
}

/** The text of a version, as it is compared with another. */
export function textOf(content: Content): string {
  const { impact } = content;
  const lines = content.timeline.map(
    ({ at, text, hidden }) => `${at} ${hidden ? "(hidden) " : ""}${text}`,
  );
  return [
    content.title,
    "",
    content.summary,
    "",
    `Began: ${impact.started_at}`,
    `Acknowledged: ${impact.acknowledged_at ?? "never"}`,
    `Ended: ${impact.resolved_at ?? "not yet"}`,
    `Impact: ${impact.note}`,
    `Tags: ${content.tags.join(", ")}`,
    "",
    content.body,
    "",
    "Timeline",
    ...lines,
    "",
  ].join("\n");
}
