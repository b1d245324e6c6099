import { Stack, Text, UnstyledButton } from "@mantine/core";
import { IconMailOpened } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { UnreadRequest } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { bytes, sentence } from "./outcomes";
import { integrationQuery, requestQuery, unreadQuery } from "./queries";
import { RequestDrawer } from "./RequestDrawer";
import { useMayEdit } from "./use-may-edit";

/** Requests of every tool that could not be read: kept as they came, to be replayed. */
export function Unread() {
  const search: Record<string, string> = useSearch({
    from: "/frame/integrations",
  });
  const navigate = useNavigate();
  const query = useInfiniteQuery(unreadQuery());
  const open = (request: string) =>
    void navigate({
      to: "/integrations",
      search: { ...search, request },
      replace: true,
      resetScroll: false,
    });
  return (
    <>
      <Loaded what="What could not be read" query={query}>
        {({ pages }) => {
          const requests = pages.flatMap((page) => page.items);
          return requests.length === 0 ? (
            <Empty
              icon={<IconMailOpened size={40} />}
              title="Everything was readable"
            >
              A request that PageFree cannot make sense of is kept here as it
              came, and the people of its service are told.
            </Empty>
          ) : (
            <Stack gap="sm">
              <Text size="sm" c="dimmed">
                Kept as they came. Mend the settings of the integration, then
                replay them.
              </Text>
              <Rows label="Unreadable requests">
                {requests.map((request) => (
                  <UnreadRow
                    key={request.id}
                    request={request}
                    onOpen={() => open(request.id)}
                  />
                ))}
              </Rows>
              <LoadMore {...query} />
            </Stack>
          );
        }}
      </Loaded>
      <OneRequest id={search.request} onOpen={open} />
    </>
  );
}

interface RowProps {
  request: UnreadRequest;
  onOpen: () => void;
}

function UnreadRow({ request, onOpen }: RowProps) {
  const { error, integration_id, integration_name, received_at, size } =
    request;
  return (
    <Row
      main={
        <UnstyledButton onClick={onOpen} w="100%" display="block">
          <Text c="var(--mantine-color-anchor)" fz="sm" lineClamp={2}>
            {sentence(error ?? "it could not be read")}
          </Text>
        </UnstyledButton>
      }
      side={
        <>
          <TextLink
            to="/integrations/$integrationId"
            params={{ integrationId: integration_id }}
            search={{ tab: "settings" }}
            size="sm"
          >
            {integration_name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {bytes(size)}
          </Text>
          <Text size="sm" c="dimmed">
            <Ago at={received_at} />
          </Text>
        </>
      }
    />
  );
}

interface OneProps {
  /** none: no request is looked at */
  id: string | undefined;
  onOpen: (id: string) => void;
}

function OneRequest({ id, onOpen }: OneProps) {
  const request = useQuery({
    ...requestQuery(id ?? ""),
    enabled: id !== undefined,
  }).data;
  const integration = useQuery({
    ...integrationQuery(request?.integration_id ?? ""),
    enabled: request !== undefined,
  }).data;
  const mayEdit = useMayEdit(integration?.service.id);
  return (
    <RequestDrawer
      id={id}
      title={integration?.name ?? "…"}
      mayEdit={mayEdit && !integration?.disabled_at}
      onOpen={onOpen}
      onClose={() => onOpen("")}
    />
  );
}
