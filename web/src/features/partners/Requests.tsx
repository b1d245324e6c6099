import { Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  approvePartnerRequest,
  type PartnerRequest,
  refusePartnerRequest,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { CopyField } from "../../ui/CopyField";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Row, Rows } from "../../ui/Rows";
import { PARTNERS, requestsQuery } from "./queries";

/** People who ask to become partners. */
export function Requests() {
  const [decided, setDecided] = useState(false);
  const query = useInfiniteQuery(requestsQuery(decided));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Which requests"
        style={{ alignSelf: "start" }}
        data={[
          { value: "open", label: "Waiting" },
          { value: "decided", label: "Decided" },
        ]}
        value={decided ? "decided" : "open"}
        onChange={(which) => setDecided(which === "decided")}
      />
      <Loaded what="The requests" query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          return all.length === 0 ? (
            <Empty
              icon={<IconInbox size={40} />}
              title={decided ? "None was decided yet" : "Nobody is waiting"}
              action={
                <CopyField
                  label="the address of the form"
                  value={`${window.location.origin}/partner/request`}
                />
              }
            >
              Whoever should see a status page can ask for it at this address.
            </Empty>
          ) : (
            <>
              <Rows label="Requests">
                {all.map((request) => (
                  <RequestRow key={request.id} request={request} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function RequestRow({ request }: { request: PartnerRequest }) {
  const { name, email, organisation, message, address, created_at } = request;
  return (
    <Row
      main={
        <>
          <Text fw={600}>{name || email}</Text>
          <Text size="sm" c="dimmed">
            {[organisation, email, address].filter(Boolean).join(" · ")}
          </Text>
          {message && (
            <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {message}
            </Text>
          )}
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            <Ago at={created_at} />
          </Text>
          {request.decision ? (
            <Text size="sm">
              {request.decision} by {request.decided_by?.name ?? "somebody"}
            </Text>
          ) : (
            <Decision id={request.id} />
          )}
        </>
      }
    />
  );
}

function Decision({ id }: { id: string }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const path = { partner_request_id: id };
  const onSettled = () => queryClient.invalidateQueries({ queryKey: PARTNERS });
  const approval = useMutation({
    mutationFn: () => approvePartnerRequest({ path }),
    onSettled,
    onSuccess: (partner) =>
      navigate({
        to: "/partners/$partnerId",
        params: { partnerId: partner.id },
      }),
  });
  const refusal = useMutation({
    mutationFn: () => refusePartnerRequest({ path }),
    onSettled,
  });
  return (
    <>
      <Button
        size="compact-sm"
        loading={approval.isPending}
        onClick={() => approval.mutate()}
      >
        Approve and invite
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        loading={refusal.isPending}
        onClick={() => refusal.mutate()}
      >
        Refuse
      </Button>
    </>
  );
}
