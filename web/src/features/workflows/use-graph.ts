import { useCallback, useReducer } from "react";
import type { Graph } from "./graph";

const MOST_STEPS_BACK = 100;

interface State {
  graph: Graph;
  past: readonly Graph[];
  future: readonly Graph[];
  /** the step that is being looked at */
  selected: string | null;
  /** changes of one kind in a row are one step back */
  kind: string | null;
}

type Action =
  | { do: "change"; graph: Graph; kind: string | null; select?: string | null }
  | { do: "select"; id: string | null }
  | { do: "undo" }
  | { do: "redo" };

function changed(state: State, action: Action): State {
  switch (action.do) {
    case "select":
      return { ...state, selected: action.id, kind: null };
    case "change": {
      const goesOn = action.kind !== null && action.kind === state.kind;
      const selected =
        action.select === undefined ? state.selected : action.select;
      if (action.graph === state.graph) return { ...state, selected };
      return {
        graph: action.graph,
        past: goesOn
          ? state.past
          : [...state.past, state.graph].slice(-MOST_STEPS_BACK),
        future: [],
        selected: stillThere(action.graph, selected),
        kind: action.kind,
      };
    }
    case "undo": {
      const graph = state.past.at(-1);
      if (!graph) return state;
      return {
        graph,
        past: state.past.slice(0, -1),
        future: [state.graph, ...state.future],
        selected: stillThere(graph, state.selected),
        kind: null,
      };
    }
    case "redo": {
      const [graph, ...future] = state.future;
      if (!graph) return state;
      return {
        graph,
        past: [...state.past, state.graph],
        future,
        selected: stillThere(graph, state.selected),
        kind: null,
      };
    }
  }
}

function stillThere(graph: Graph, selected: string | null): string | null {
  return graph.nodes.some(({ id }) => id === selected) ? selected : null;
}

export interface Editing {
  graph: Graph;
  selected: string | null;
  mayUndo: boolean;
  mayRedo: boolean;
  undo: () => void;
  redo: () => void;
  select: (id: string | null) => void;
  /** `kind`: typing on in one field is one step back; `select`: what to look at then */
  change: (graph: Graph, kind?: string | null, select?: string | null) => void;
}

/** A graph that is being edited, with a way back. */
export function useGraph(initial: Graph): Editing {
  const [state, dispatch] = useReducer(changed, {
    graph: initial,
    past: [],
    future: [],
    selected: null,
    kind: null,
  });
  const select = useCallback(
    (id: string | null) => dispatch({ do: "select", id }),
    [],
  );
  const change = useCallback<Editing["change"]>(
    (graph, kind = null, selected) =>
      dispatch({ do: "change", graph, kind, select: selected }),
    [],
  );
  return {
    graph: state.graph,
    selected: state.selected,
    mayUndo: state.past.length > 0,
    mayRedo: state.future.length > 0,
    undo: useCallback(() => dispatch({ do: "undo" }), []),
    redo: useCallback(() => dispatch({ do: "redo" }), []),
    select,
    change,
  };
}
