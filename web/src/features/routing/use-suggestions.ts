import { useQuery } from "@tanstack/react-query";
import { kindsQuery, teamsQuery } from "../../api/queries";
import { SEVERITIES } from "../../ui/conditions";

/** What the fields of events are often compared with. */
export function useSuggestions(asked: boolean): (field: string) => string[] {
  const kinds = useQuery({ ...kindsQuery, enabled: asked }).data;
  const teams = useQuery({ ...teamsQuery, enabled: asked }).data;
  return (field) => {
    if (field === "severity") return [...SEVERITIES];
    if (field === "action") return ["trigger", "acknowledge", "resolve"];
    if (field === "kind") return kinds?.map(({ kind }) => kind) ?? [];
    if (field === "team") return teams?.map(({ name }) => name) ?? [];
    return [];
  };
}
