import { Button, Drawer, Stack, Tabs, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { InboundRequestDetail } from "../../api/generated";
import { CodeBlock } from "../../ui/CodeBlock";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { StateLabel } from "../../ui/StateLabel";
import { exact } from "../../ui/time";
import { EventsRead } from "./EventsRead";
import { bytes, CHECKS, DISPOSITIONS, readable, sentence } from "./outcomes";
import { requestQuery } from "./queries";
import { Replay } from "./Replay";

const SHOWN_BYTES = 64 * 1024;

interface Props {
  /** none: closed */
  id: string | undefined;
  /** of the tool */
  title: string;
  mayEdit: boolean;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** One request: what came of it, how it was read, and as it arrived. */
export function RequestDrawer(props: Props) {
  const { id, title, mayEdit, onOpen, onClose } = props;
  const query = useQuery({ ...requestQuery(id ?? ""), enabled: Boolean(id) });
  return (
    <Drawer
      opened={Boolean(id)}
      onClose={onClose}
      position="right"
      size="lg"
      title={`A request of ${title}`}
    >
      <Loaded what="The request" query={query}>
        {(request) => (
          <Stack key={request.id}>
            <Came request={request} onOpen={onOpen} />
            {mayEdit && <Replay request={request} onOpen={onOpen} />}
            <Contents request={request} />
          </Stack>
        )}
      </Loaded>
    </Drawer>
  );
}

const WHY: Partial<Record<InboundRequestDetail["outcome"], string>> = {
  quarantined: "It could not be read",
  rejected: "It was refused",
};

interface CameProps {
  request: InboundRequestDetail;
  onOpen: (id: string) => void;
}

function Came({ request, onOpen }: CameProps) {
  const { outcome, error, signature, replayed_as } = request;
  const why = WHY[outcome];
  return (
    <>
      {why && error && <Problem text={`${why}: ${error}`} />}
      <Facts>
        <Fact name="Received">{exact(request.received_at)}</Fact>
        <Fact name="Outcome">
          <StateLabel {...DISPOSITIONS[outcome]} />
          <Text size="sm" c="dimmed">
            {error && !why ? sentence(error) : DISPOSITIONS[outcome].means}
          </Text>
        </Fact>
        {replayed_as && (
          <Fact name="Became">
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => onOpen(replayed_as)}
            >
              The request that was taken in
            </Button>
          </Fact>
        )}
        <Fact name="Signature">
          <StateLabel {...CHECKS[signature]} />
        </Fact>
        <Fact name="Sent by">{request.user_agent || "not said"}</Fact>
        <Fact name="Type">
          {request.content_type || "not said"}, {bytes(request.size)}
        </Fact>
      </Facts>
    </>
  );
}

function Contents({ request }: { request: InboundRequestDetail }) {
  const { outcome, body, size } = request;
  const read = outcome === "processed" || outcome === "repeated";
  return (
    <Tabs defaultValue={read ? "read" : "body"} keepMounted={false}>
      <Tabs.List mb="sm">
        {read && <Tabs.Tab value="read">As it was read</Tabs.Tab>}
        <Tabs.Tab value="body">Body</Tabs.Tab>
        <Tabs.Tab value="raw">Raw</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="read">
        <EventsRead request={request} />
      </Tabs.Panel>
      <Tabs.Panel value="body">
        <CodeBlock label="the body" text={readable(body)} />
      </Tabs.Panel>
      <Tabs.Panel value="raw">
        <CodeBlock label="the body as it came" text={body} />
      </Tabs.Panel>
      {size > SHOWN_BYTES && (
        <Text size="sm" c="dimmed" mt="xs">
          Only the first 64 KiB are shown.
        </Text>
      )}
    </Tabs>
  );
}
