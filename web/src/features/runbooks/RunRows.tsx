import { Group, Text } from "@mantine/core";
import type { RunOut } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { RUN_STATES } from "../../ui/run-states";
import { StateLabel } from "../../ui/StateLabel";

/** Runs, one row each; short: of one runbook, whose name is known. */
export function RunRows(props: { runs: readonly RunOut[]; short?: boolean }) {
  const { runs, short } = props;
  return (
    <Rows label="Runs">
      {runs.map((run) => (
        <Row
          key={run.id}
          main={
            <>
              <Group gap="xs" justify={short ? "space-between" : undefined}>
                <TextLink
                  to="/runbooks/runs/$runId"
                  params={{ runId: run.id }}
                  fw={600}
                >
                  {short ? <Ago at={run.created_at} /> : run.name}
                </TextLink>
                {short && <StateLabel {...RUN_STATES[run.state]} />}
              </Group>
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {short ? (
                  `by ${run.started_by}`
                ) : (
                  <>
                    {run.started_by}, <Ago at={run.created_at} />
                  </>
                )}
                {run.outcome && ` · ${run.outcome}`}
              </Text>
            </>
          }
          side={
            !short && (
              <Group miw={{ sm: 116 }}>
                <StateLabel {...RUN_STATES[run.state]} />
              </Group>
            )
          }
        />
      ))}
    </Rows>
  );
}
