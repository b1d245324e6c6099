import { Alert, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconShieldCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AuditState, AuditVerdict } from "../../api/generated";
import { verifyAudit } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { KeepingModal } from "./KeepingModal";
import { auditStateQuery } from "./queries";

/** How far entries are sealed, and whether anybody has touched them since. */
export function Chain() {
  const query = useQuery(auditStateQuery);
  return (
    <Loaded what="The state of the chain" query={query}>
      {(state) => <State state={state} />}
    </Loaded>
  );
}

function State({ state }: { state: AuditState }) {
  const queryClient = useQueryClient();
  const [keeping, setKeeping] = useState(false);
  const { mutate, data, isPending, error } = useMutation({
    meta: { showsErrors: true },
    mutationFn: () => verifyAudit(),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: auditStateQuery.queryKey }),
  });
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Stack gap={2}>
            <Text fw={600}>{sealedWords(state)}</Text>
            <Text size="sm" c="dimmed">
              {state.sealed_at && (
                <>
                  The last one <Ago at={state.sealed_at} />
                  {". "}
                </>
              )}
              {state.retention_days
                ? `Kept for ${state.retention_days} days.`
                : "Kept for ever."}{" "}
              {state.stream
                ? `Streamed to ${state.stream.host}, up to ${state.stream.seq}.`
                : "Streamed nowhere."}
            </Text>
            {state.stream?.error && (
              <Text size="sm" c="red">
                The stream waits: {state.stream.error}
              </Text>
            )}
          </Stack>
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconShieldCheck size={16} />}
              loading={isPending}
              onClick={() => mutate()}
            >
              Verify all
            </Button>
            <Button variant="default" onClick={() => setKeeping(true)}>
              Keeping and streaming
            </Button>
          </Group>
        </Group>
        {data && <Verdict verdict={data} />}
        <Problem text={error?.message} />
      </Stack>
      {keeping && (
        <KeepingModal state={state} onClose={() => setKeeping(false)} />
      )}
    </Paper>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  if (verdict.findings.length === 0)
    return (
      <Alert
        color="teal"
        icon={<IconCircleCheck />}
        title={`Verified up to entry ${verdict.sealed_to}`}
      >
        All {verdict.count} entries are what was sealed; none is missing.
      </Alert>
    );
  return (
    <Alert color="red" title="Somebody has touched the audit">
      {verdict.findings.map((finding) => (
        <Text key={finding} size="sm">
          {finding}
        </Text>
      ))}
    </Alert>
  );
}

function sealedWords({ sealed_to, waiting }: AuditState): string {
  const more = waiting ? `, ${waiting} more to come` : "";
  return sealed_to
    ? `Sealed up to entry ${sealed_to}${more}`
    : `Nothing is sealed yet${more}`;
}
