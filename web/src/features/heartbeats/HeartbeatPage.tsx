import { Button, Tabs, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  deleteHeartbeat,
  deleteHeartbeatPause,
  type Heartbeat,
  putHeartbeatPause,
} from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { CodeBlock } from "../../ui/CodeBlock";
import { CopyField } from "../../ui/CopyField";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { EditHeartbeat } from "./EditHeartbeat";
import { HeartbeatFacts } from "./HeartbeatFacts";
import { Pings } from "./Pings";
import { heartbeatQuery } from "./queries";
import { snippets } from "./snippets";

/** One heartbeat: how it is, what to paste where, what it said. */
export function HeartbeatPage() {
  const { heartbeatId } = useParams({ from: "/frame/heartbeats/$heartbeatId" });
  const query = useQuery(heartbeatQuery(heartbeatId));
  if (query.data) return <OneHeartbeat heartbeat={query.data} />;
  return (
    <Page title="Heartbeat">
      <Loaded what="The heartbeat" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function OneHeartbeat({ heartbeat }: { heartbeat: Heartbeat }) {
  const mayEdit = canEditTeam(useMe(), heartbeat.team.id);
  const [editing, { open, close }] = useDisclosure();
  return (
    <Page
      title={heartbeat.name}
      actions={
        mayEdit && (
          <>
            <PauseButton heartbeat={heartbeat} />
            <Button
              variant="default"
              leftSection={<IconPencil size={16} />}
              onClick={open}
            >
              Edit
            </Button>
            <DeleteHeartbeat heartbeat={heartbeat} />
          </>
        )
      }
    >
      <HeartbeatFacts heartbeat={heartbeat} />
      <SetUp heartbeat={heartbeat} />
      <Pings heartbeat={heartbeat} />
      {editing && <EditHeartbeat heartbeat={heartbeat} onClose={close} />}
    </Page>
  );
}

function SetUp({ heartbeat }: { heartbeat: Heartbeat }) {
  const all = snippets(heartbeat);
  return (
    <Section title="Ping it">
      <CopyField label="the ping address" value={heartbeat.ping_url} />
      <Text size="sm" c="dimmed">
        Whoever knows this address can ping. Add <code>/start</code> when a run
        begins, <code>/fail</code> or the exit status when it ends.
      </Text>
      <Tabs defaultValue={all[0]?.title} keepMounted={false}>
        <Tabs.List>
          {all.map(({ title }) => (
            <Tabs.Tab key={title} value={title}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {all.map(({ title, text, means }) => (
          <Tabs.Panel key={title} value={title} pt="sm">
            <CodeBlock label={`the lines for ${title}`} text={text} />
            <Text size="sm" c="dimmed" mt={6}>
              {means}
            </Text>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Section>
  );
}

function PauseButton({ heartbeat }: { heartbeat: Heartbeat }) {
  const queryClient = useQueryClient();
  const paused = heartbeat.state === "paused";
  const path = { heartbeat_id: heartbeat.id };
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      paused ? deleteHeartbeatPause({ path }) : putHeartbeatPause({ path }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["heartbeats"] }),
  });
  return (
    <Button
      variant="default"
      leftSection={
        paused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />
      }
      loading={isPending}
      onClick={() => mutate()}
    >
      {paused ? "Resume" : "Pause"}
    </Button>
  );
}

function DeleteHeartbeat({ heartbeat }: { heartbeat: Heartbeat }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the heartbeat"
      name={heartbeat.name}
      run={async () => {
        await deleteHeartbeat({ path: { heartbeat_id: heartbeat.id } });
        await navigate({ to: "/heartbeats" });
        await queryClient.invalidateQueries({ queryKey: ["heartbeats"] });
      }}
    >
      Its address no longer works, its pings are gone, and its open alert
      resolves. This cannot be taken back.
    </DeleteButton>
  );
}
