import { Text } from "@mantine/core";
import type { WorkflowRunOut } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { Row } from "../../ui/Rows";
import { WORKFLOW_RUNS } from "../../ui/run-states";
import { StateLabel } from "../../ui/StateLabel";
import { duration } from "../../ui/time";
import { triggerWords } from "./words";

/** One run in a list. */
export function RunRow({ run }: { run: WorkflowRunOut }) {
  const { id, status, trigger_kind, started_by, created_at, error } = run;
  return (
    <Row
      main={
        <>
          <TextLink
            to="/workflow-runs/$runId"
            params={{ runId: id }}
            c="inherit"
          >
            <StateLabel {...WORKFLOW_RUNS[status]} />
          </TextLink>
          {error && (
            <Text size="sm" c="dimmed" lineClamp={2}>
              {error}
            </Text>
          )}
        </>
      }
      side={
        <>
          <Text size="sm">{triggerWords(trigger_kind)}</Text>
          <Text size="sm" c="dimmed">
            {started_by}, version {run.workflow.version}
          </Text>
          <Text size="sm" c="dimmed">
            <Ago at={created_at} />
            {tookOf(run) && ` · took ${tookOf(run)}`}
          </Text>
        </>
      }
    />
  );
}

/** "4 min", if it is over. */
export function tookOf(
  run: Pick<WorkflowRunOut, "started_at" | "ended_at">,
): string | null {
  if (!run.started_at || !run.ended_at) return null;
  const ms = Date.parse(run.ended_at) - Date.parse(run.started_at);
  return ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : duration(ms / 1000);
}
