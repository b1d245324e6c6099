import { Alert, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconHammer } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  confirmRunbookEmergency,
  type EmergencyOut,
  type RunbookDetail,
  reviewRunbookEmergency,
  type VersionOut,
} from "../../api/generated";
import { useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { ButtonLink, TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Problem } from "../../ui/Problem";
import { withStepUp } from "../../ui/step-up";
import { emergenciesQuery } from "./queries";

interface Props {
  runbook: RunbookDetail;
  version: VersionOut;
}

/** When this version was let run without an approval: asked, confirmed, looked back at. */
export function Emergencies({ runbook, version }: Props) {
  const found = useQuery(emergenciesQuery(runbook.id, version.number)).data;
  return (found ?? []).map((one) => (
    <OneEmergency
      key={one.id}
      runbook={runbook}
      version={version}
      emergency={one}
    />
  ));
}

function OneEmergency({
  runbook,
  version,
  emergency,
}: Props & { emergency: EmergencyOut }) {
  const { confirmed_by, expires_at, reviewed_at, incident_id } = emergency;
  const me = useMe();
  const isOpen = useNow() < Date.parse(expires_at);
  const asked = confirmed_by === null;
  if (asked && !isOpen) return null; // nobody has confirmed it: nothing came of it
  const mine = emergency.asked_by_id === me.id;
  return (
    <Alert
      color={reviewed_at ? "gray" : "orange"}
      variant="light"
      icon={<IconHammer aria-hidden />}
      title={asked ? "Somebody wants to break glass" : "The glass was broken"}
    >
      <Stack gap="xs">
        <Text size="sm">
          {emergency.asked_by}
          {asked ? " asks" : ` and ${confirmed_by} let it run`}, for{" "}
          <TextLink
            to="/incidents/$incidentId"
            params={{ incidentId: incident_id }}
            inherit
          >
            #{emergency.incident_number}
          </TextLink>
          : “{emergency.reason}”{" "}
          {isOpen && (
            <>
              {asked ? "It can be confirmed until " : "It may run until "}
              <Ago at={expires_at} />.
            </>
          )}
        </Text>
        {asked && mine && (
          <Text size="sm">Somebody else who may run it has to confirm it.</Text>
        )}
        {asked && !mine && <Confirm version={version} emergency={emergency} />}
        {!asked && isOpen && (
          <Group>
            <ButtonLink
              to="/runbooks/$runbookId/run"
              params={{ runbookId: runbook.id }}
              search={{ incident: incident_id, version: `${version.number}` }}
              variant="default"
            >
              Run it
            </ButtonLink>
          </Group>
        )}
        {reviewed_at && (
          <Text size="sm">
            {emergency.reviewed_by} looked back at it: “{emergency.review}”
          </Text>
        )}
        {!asked && !reviewed_at && <Review emergency={emergency} />}
      </Stack>
    </Alert>
  );
}

function useAnswer(run: () => Promise<unknown>) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => withStepUp(run),
    meta: { showsErrors: true },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["runbooks"] }),
  });
  const problem = error?.message;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return { isPending, problem, submit };
}

function Confirm({
  version,
  emergency,
}: {
  version: VersionOut;
  emergency: EmergencyOut;
}) {
  const { isPending, problem, submit } = useAnswer(() =>
    confirmRunbookEmergency({
      path: { emergency_id: emergency.id },
      body: { content_hash: version.content_hash },
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" maw={420} align="start">
        <Text size="sm">Read below what would run before you confirm it.</Text>
        <Problem text={problem} />
        <Button type="submit" color="red.8" loading={isPending}>
          Confirm: let it run for an hour
        </Button>
      </Stack>
    </form>
  );
}

function Review({ emergency }: { emergency: EmergencyOut }) {
  const [text, setText] = useState("");
  const { isPending, problem, submit } = useAnswer(() =>
    reviewRunbookEmergency({
      path: { emergency_id: emergency.id },
      body: { text: text.trim() },
    }),
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" maw={420} align="start">
        <Textarea
          w="100%"
          label="Looking back at it"
          description="Somebody who may approve, and was not one of the two, says whether it was right"
          autosize
          maxLength={2000}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Problem text={problem} />
        <Button
          type="submit"
          variant="default"
          loading={isPending}
          disabled={!text.trim()}
        >
          It is reviewed
        </Button>
      </Stack>
    </form>
  );
}
