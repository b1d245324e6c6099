import type { RunbookContent } from "../../api/generated";
import {
  bindingsOf,
  type Parameter,
  parametersOf,
  problemOf,
  schemaOf,
} from "./parameters";

/** A version as it is being written. */
export type Draft = Required<
  Omit<RunbookContent, "parameters" | "bindings">
> & {
  parameters: Parameter[];
};

export function newDraft(): Draft {
  return {
    name: "",
    description: "",
    run_class: "diagnostic",
    target: "",
    content: {},
    connection_ids: [],
    parameters: [],
    timeout_s: 300,
    auto_safe: false,
    calendar: "always",
    most_per_hour: 6,
    cool_down_s: 0,
    at_once: 1,
  };
}

export function draftOf(content: RunbookContent): Draft {
  const { parameters, bindings, ...rest } = content;
  return {
    ...newDraft(),
    ...rest,
    parameters: parametersOf(parameters, bindings),
  };
}

export function contentOf(draft: Draft): RunbookContent {
  const { parameters, ...rest } = draft;
  return {
    ...rest,
    name: draft.name.trim(),
    // what cannot be taken back never starts by itself
    auto_safe: draft.auto_safe && draft.run_class !== "destructive",
    parameters: schemaOf(parameters),
    bindings: bindingsOf(parameters),
  };
}

/** The first thing that is missing or wrong, with where it is; nothing: it can be saved. */
export function problemsOf(draft: Draft): Record<string, string> {
  const parameters = draft.parameters
    .map((each) => problemOf(each, draft.parameters))
    .find((problem) => problem !== undefined);
  return {
    ...(draft.name.trim() ? {} : { name: "A runbook needs a name" }),
    ...(draft.target ? {} : { target: "Choose what runs it" }),
    ...(draft.target && draft.connection_ids.length === 0
      ? { connection_ids: "Choose at least one connection" }
      : {}),
    ...(parameters ? { parameters } : {}),
  };
}
