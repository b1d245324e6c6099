import { Group, Loader, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCircleCheck, IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import type { Integration } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { CopyField } from "../../ui/CopyField";
import { Loaded } from "../../ui/Loaded";
import { announce } from "../../ui/live-region";
import { Markdown } from "../../ui/Markdown";
import { StateLabel } from "../../ui/StateLabel";
import { type FreshKey, setupQuery } from "./queries";
import classes from "./SetUp.module.css";
import { TestButton } from "./TestButton";

interface Props {
  integration: Integration;
  /** a key made just now */
  fresh: FreshKey | null;
  mayEdit: boolean;
}

/** Three steps: copy this, paste it there, see the first event arrive. */
export function SetUp({ integration, fresh, mayEdit }: Props) {
  const setup = useQuery({
    ...setupQuery(integration.id),
    enabled: fresh === null,
  });
  return (
    <Stack component="ol" gap="sm" m={0} p={0} aria-label="Set-up">
      <Step number={1} title="Copy this">
        {fresh ? (
          <>
            <Text size="sm">The routing key:</Text>
            <CopyField label="the routing key" value={fresh.routing_key} />
            <Group gap="0 8px">
              <StateLabel tone="yellow" icon={IconKey} word="Shown only now" />
              <Text size="sm">Keep it like a password.</Text>
            </Group>
          </>
        ) : (
          <Text size="sm">
            The routing key: it was shown when it was made
            {mayEdit && " (if it is lost, add a second one under “Keys”)"}.
          </Text>
        )}
        <Text size="sm">The address:</Text>
        <CopyField label="the address" value={integration.url} />
      </Step>
      <Step number={2} title={`Paste it into ${integration.title}`}>
        {fresh ? (
          <Markdown text={fresh.setup} />
        ) : (
          <Loaded what="The set-up" query={setup}>
            {({ markdown }) => <Markdown text={markdown} />}
          </Loaded>
        )}
      </Step>
      <FirstEvent integration={integration} mayEdit={mayEdit} />
    </Stack>
  );
}

function FirstEvent({ integration, mayEdit }: Omit<Props, "fresh">) {
  const arrived = integration.last_event_at;
  const waited = useRef(false);
  useEffect(() => {
    if (arrived && waited.current) announce("The first event has arrived");
    waited.current = !arrived;
  }, [arrived]);
  if (arrived)
    return (
      <Step number={3} title="It works" done>
        <Group gap="xs">
          <StateLabel tone="teal" icon={IconCircleCheck} word="Events arrive" />
          <Text size="sm" c="dimmed">
            the last one <Ago at={arrived} />
          </Text>
        </Group>
      </Step>
    );
  return (
    <Step number={3} title="Waiting for the first event …">
      <Group gap="sm">
        <Loader size="sm" type="dots" />
        <Text size="sm" c="dimmed">
          It appears here by itself. Let the tool fire, or send a test.
        </Text>
      </Group>
      {mayEdit && !integration.disabled_at && (
        <Group>
          <TestButton integration={integration} />
        </Group>
      )}
    </Step>
  );
}

interface StepProps {
  number: number;
  title: string;
  done?: boolean;
  children: ReactNode;
}

function Step({ number, title, done, children }: StepProps) {
  return (
    <Paper withBorder component="li" p="md" className={classes.step}>
      <Group gap={10} mb="sm" wrap="nowrap">
        <span className={classes.number} data-done={done} aria-hidden>
          {done ? <IconCircleCheck size={20} /> : number}
        </span>
        <Title order={2}>{title}</Title>
      </Group>
      <Stack gap="sm" miw={0} pl={{ base: 0, sm: 36 }}>
        {children}
      </Stack>
    </Paper>
  );
}
