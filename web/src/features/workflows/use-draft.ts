import { useDebouncedValue, useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { WorkflowProblem } from "../../api/generated";
import type { Graph } from "./graph";
import { checkQuery } from "./queries";

const PAUSE_MS = 400;

interface Kept {
  version: number | null;
  graph: Graph;
}

function read(text: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(text);
    return typeof kept === "object" && kept !== null && "graph" in kept
      ? (kept as Kept)
      : null;
  } catch {
    return null;
  }
}

/** What was drawn and not saved yet survives closing the page, as long as nobody saved meanwhile. */
export function useKeptGraph(name: string, version: number | null) {
  const [text, setText, forget] = useLocalStorage({
    key: `pagefree workflow ${name}`,
    defaultValue: "",
    getInitialValueInEffect: false,
  });
  const kept = text ? read(text) : null;
  return {
    kept: kept && kept.version === version ? kept.graph : null,
    keep: (graph: Graph | null) =>
      graph
        ? setText(JSON.stringify({ version, graph } satisfies Kept))
        : forget(),
  };
}

/** Keep what is drawn while it differs from what is saved. */
export function useKeeping(
  graph: Graph,
  saved: Graph | null,
  keep: (graph: Graph | null) => void,
) {
  const [calm] = useDebouncedValue(graph, PAUSE_MS);
  useEffect(() => keep(calm === saved ? null : calm), [calm]);
}

export interface Check {
  problems: readonly WorkflowProblem[];
  /** the answer is about what is drawn now */
  current: boolean;
}

/** What is wrong with a graph, asked once one has stopped typing. */
export function useCheck(graph: Graph, teamId: string | null): Check {
  const [calm] = useDebouncedValue(graph, PAUSE_MS);
  const { data, error, isPlaceholderData } = useQuery({
    ...checkQuery(teamId, calm),
    enabled: calm.nodes.length > 0,
  });
  const refused = error
    ? [{ node: null, field: null, detail: error.message }]
    : null;
  return {
    problems: calm.nodes.length === 0 ? [] : (refused ?? data?.problems ?? []),
    current: calm === graph && !isPlaceholderData && (!!data || !!error),
  };
}
