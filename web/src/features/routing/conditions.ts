/** What a routing rule may speak of, in the words of people. */
export const FIELDS = {
  title: "Title",
  severity: "Severity",
  body: "Text",
  integration: "Integration",
  kind: "Kind of integration",
  service: "Service",
  team: "Team",
  action: "Action",
  dedup_key: "Dedup key",
  group_key: "Group key",
  source_url: "Web address",
} as const;
