import type { PageLayout, StatusPage } from "../../api/generated";

/** A line of the page as people read it: a heading, or a component under the one above. */
export interface Line {
  kind: "group" | "component";
  id: string;
}

/** Components without a heading come first, as on the page itself. */
export function linesOf(
  page: Pick<StatusPage, "groups" | "components">,
): Line[] {
  const under = (groupId: string | null): Line[] =>
    page.components
      .filter(({ group_id }) => group_id === groupId)
      .map(({ id }) => ({ kind: "component", id }));
  return [
    ...under(null),
    ...page.groups.flatMap(({ id }): Line[] => [
      { kind: "group", id },
      ...under(id),
    ]),
  ];
}

/** The order as the API takes it. */
export function layoutOf(lines: readonly Line[]): PageLayout {
  let group_id: string | null = null;
  const layout: PageLayout = { group_ids: [], components: [] };
  for (const { kind, id } of lines) {
    if (kind === "group") {
      group_id = id;
      layout.group_ids.push(id);
    } else layout.components.push({ component_id: id, group_id });
  }
  return layout;
}

/** The lines cut before each heading; what is above the first heading comes first. */
function blocks(lines: readonly Line[]): Line[][] {
  const cut: Line[][] = [[]];
  for (const line of lines) {
    if (line.kind === "group") cut.push([line]);
    else cut[cut.length - 1]?.push(line);
  }
  return cut;
}

/**
 * The lines once the one at `from` has been put where `to` is.
 *
 * A heading takes its components along, past as many headings as it passes.
 */
export function moved(
  lines: readonly Line[],
  from: number,
  to: number,
): Line[] {
  const line = lines[from];
  if (!line) return [...lines];
  const left = lines.filter((_, at) => at !== from);
  if (line.kind === "component")
    return [...left.slice(0, to), line, ...left.slice(to)];
  const above = left.slice(0, to).filter(({ kind }) => kind === "group");
  return groupMoved(lines, line.id, above.length);
}

/** The lines once a heading, with what is under it, is the one with this number. */
export function groupMoved(
  lines: readonly Line[],
  id: string,
  to: number,
): Line[] {
  const [alone = [], ...groups] = blocks(lines);
  const block = groups.find(([head]) => head?.id === id) ?? [];
  const left = groups.filter((each) => each !== block);
  return [alone, ...left.slice(0, to), block, ...left.slice(to)].flat();
}
