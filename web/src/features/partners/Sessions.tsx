import { Button, Text } from "@mantine/core";
import { IconDoorExit } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { endPartnerSession, type PartnerSession } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { PARTNERS, sessionsQuery } from "./queries";

/** Every browser in which a partner is signed in. */
export function Sessions() {
  return <SessionList />;
}

/** Those of one partner, or of all. */
export function SessionList({ partnerId }: { partnerId?: string }) {
  const query = useQuery(sessionsQuery(partnerId));
  return (
    <Loaded what="The sessions" query={query}>
      {(sessions) => {
        if (sessions.length > 0)
          return (
            <Rows label="Sessions">
              {sessions.map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  named={partnerId === undefined}
                />
              ))}
            </Rows>
          );
        return partnerId ? (
          <Text size="sm" c="dimmed">
            In no browser.
          </Text>
        ) : (
          <Empty icon={<IconDoorExit size={40} />} title="Nobody is signed in">
            Partners stay signed in for a day, in the browser in which they
            opened their link.
          </Empty>
        );
      }}
    </Loaded>
  );
}

function SessionRow(props: { session: PartnerSession; named: boolean }) {
  const { id, partner, address, user_agent, seen_at, expires_at } =
    props.session;
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => endPartnerSession({ path: { partner_session_id: id } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: PARTNERS }),
  });
  return (
    <Row
      main={
        <>
          {props.named && (
            <TextLink
              to="/partners/$partnerId"
              params={{ partnerId: partner.id }}
              fw={600}
            >
              {partner.name}
            </TextLink>
          )}
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {[address, user_agent].filter(Boolean).join(" · ")}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            seen <Ago at={seen_at} />, until <At at={expires_at} />
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            loading={isPending}
            onClick={() => mutate()}
          >
            Sign out
          </Button>
        </>
      }
    />
  );
}
