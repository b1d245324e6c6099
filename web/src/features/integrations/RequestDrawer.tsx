import { Drawer, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { InboundRequestDetail } from "../../api/generated";
import { CodeBlock } from "../../ui/CodeBlock";
import { Fact, Facts } from "../../ui/Facts";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Problem } from "../../ui/Problem";
import { exact } from "../../ui/time";
import { bytes, outcomes, readable } from "./outcomes";
import { requestQuery } from "./queries";

const SHOWN_BYTES = 64 * 1024;

interface Props {
  /** none: closed */
  id: string | undefined;
  onClose: () => void;
}

/** One request as it arrived. */
export function RequestDrawer({ id, onClose }: Props) {
  const query = useQuery({ ...requestQuery(id ?? ""), enabled: Boolean(id) });
  return (
    <Drawer
      opened={Boolean(id)}
      onClose={onClose}
      position="right"
      size="lg"
      title="Request"
    >
      <Loaded what="The request" query={query}>
        {(request) => <OneRequest request={request} />}
      </Loaded>
    </Drawer>
  );
}

function OneRequest({ request }: { request: InboundRequestDetail }) {
  const alerts = [...new Set(request.alert_ids)].filter((id) => id !== null);
  return (
    <Stack>
      {request.error && (
        <Problem text={`It could not be read: ${request.error}`} />
      )}
      <Facts>
        <Fact name="Received">{exact(request.received_at)}</Fact>
        {!request.error && (
          <Fact name="Became">{outcomes(request.event_outcomes)}</Fact>
        )}
        {alerts.length > 0 && (
          <Fact name="Alerts">
            <Group gap="xs">
              {alerts.map((id, at) => (
                <TextLink
                  key={id}
                  to="/alerts/$alertId"
                  params={{ alertId: id }}
                  inherit
                >
                  {alerts.length === 1 ? "Open the alert" : `Alert ${at + 1}`}
                </TextLink>
              ))}
            </Group>
          </Fact>
        )}
        <Fact name="Sent by">{request.user_agent || "not said"}</Fact>
        <Fact name="Type">{request.content_type || "not said"}</Fact>
        <Fact name="Size">{bytes(request.size)}</Fact>
      </Facts>
      <CodeBlock label="the body" text={readable(request.body)} />
      {request.size > SHOWN_BYTES && (
        <Text size="sm" c="dimmed">
          Only the first 64 KiB are shown.
        </Text>
      )}
    </Stack>
  );
}
