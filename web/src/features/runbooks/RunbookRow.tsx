import { Badge, Group, Text } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { RunbookSummary } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { Row } from "../../ui/Rows";
import { RUN_STATES } from "../../ui/run-states";
import { StateLabel } from "../../ui/StateLabel";
import { targetsQuery } from "./queries";
import { CLASSES, VERSION_STATES } from "./words";

/** A runbook in the library. */
export function RunbookRow({ runbook }: { runbook: RunbookSummary }) {
  const { id, name, team, run_class, last_run } = runbook;
  const targets = useQuery(targetsQuery).data ?? [];
  const target = targets.find(({ kind }) => kind === runbook.target);
  return (
    <Row
      main={
        <>
          <Group gap="xs">
            <TextLink
              to="/runbooks/$runbookId"
              params={{ runbookId: id }}
              fw={600}
            >
              {name}
            </TextLink>
            {runbook.auto_safe && (
              <Badge size="sm" variant="light" color="gray">
                auto-safe
              </Badge>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {team?.name ?? "All teams"} · {target?.title ?? runbook.target}
            {last_run ? (
              <>
                {" · last run "}
                {RUN_STATES[last_run.state].word.toLowerCase()}{" "}
                <Ago at={last_run.at} />
              </>
            ) : (
              " · never run"
            )}
          </Text>
        </>
      }
      side={
        <>
          <Group miw={{ sm: 124 }}>
            <StateLabel {...CLASSES[run_class]} />
          </Group>
          <Group miw={{ sm: 200 }} gap="xs">
            <Standing runbook={runbook} />
          </Group>
        </>
      }
    />
  );
}

/** What can be run of it, and what is on its way. */
function Standing({ runbook }: { runbook: RunbookSummary }) {
  const { approved, latest, latest_state, stopped_at } = runbook;
  if (stopped_at)
    return <StateLabel tone="orange" icon={IconHandStop} word="Stopped" />;
  const newer = latest !== approved && latest_state !== "deprecated";
  return (
    <>
      {approved !== null && (
        <StateLabel
          {...VERSION_STATES.approved}
          word={`Version ${approved} approved`}
        />
      )}
      {(newer || approved === null) && (
        <StateLabel
          {...VERSION_STATES[latest_state]}
          word={
            approved === null
              ? VERSION_STATES[latest_state].word
              : `${latest} ${VERSION_STATES[latest_state].word.toLowerCase()}`
          }
        />
      )}
    </>
  );
}
