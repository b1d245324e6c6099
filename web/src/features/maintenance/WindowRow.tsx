import { Button, Group, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import type { MaintenanceWindow } from "../../api/generated";
import { oneServiceQuery } from "../../api/queries";
import { canEditTeam, useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { useNow } from "../../ui/now";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { labelsInWords, UNDER_WAY, when } from "./words";

const MOST_NAMED = 3;

interface Props {
  window: MaintenanceWindow;
  onEdit: () => void;
  onEnd: () => void;
}

/** Planned work in a list: what, of what, when, and the way to end it. */
export function WindowRow({ window: kept, onEdit, onEnd }: Props) {
  const me = useMe();
  const now = useNow(60);
  const { name, state, team, created_by } = kept;
  const mayEdit = team ? canEditTeam(me, team.id) : me.platform_admin;
  return (
    <Row
      main={
        <>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            <Scope window={kept} />
            {created_by && ` · by ${created_by.name}`}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {when(kept, now)}
          </Text>
          <Text size="sm" c="dimmed">
            <Ahead window={kept} />
          </Text>
          {state === "active" && <StateLabel {...UNDER_WAY} />}
          {mayEdit && state !== "over" && (
            <Group gap={6}>
              <Button
                size="xs"
                variant="default"
                aria-label={`Change ${name}`}
                onClick={onEdit}
              >
                Change
              </Button>
              <Button
                size="xs"
                variant={state === "active" ? "filled" : "default"}
                aria-label={
                  state === "active" ? `End ${name} now` : `Call ${name} off`
                }
                onClick={onEnd}
              >
                {state === "active" ? "End now" : "Call off"}
              </Button>
            </Group>
          )}
        </>
      }
    />
  );
}

function Ahead({
  window: { state, next_start_at, next_end_at },
}: {
  window: MaintenanceWindow;
}) {
  if (state === "active" && next_end_at)
    return (
      <>
        ends <Ago at={next_end_at} />
      </>
    );
  if (state === "planned" && next_start_at)
    return (
      <>
        begins <Ago at={next_start_at} />
      </>
    );
  return null;
}

function Scope({ window: kept }: { window: MaintenanceWindow }) {
  const { team, service_ids = [], labels = {} } = kept;
  const named = service_ids.slice(0, MOST_NAMED);
  const names = useQueries({
    queries: named.map((id) => oneServiceQuery(id)),
  }).map(({ data }) => data?.name ?? "…");
  const more = service_ids.length - named.length;
  const what =
    names.length > 0
      ? [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ")
      : team
        ? `All services of ${team.name}`
        : "Everything";
  const only = labelsInWords(labels);
  return (
    <>
      {what}
      {only && `, only alerts with ${only}`}
    </>
  );
}
