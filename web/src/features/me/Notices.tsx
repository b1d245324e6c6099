import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBellZ } from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { type Notice, putMyNotificationsRead } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { noticesQuery } from "./queries";

// how notices about one's own account begin, in the languages of core/words/accounts.py
const ACCOUNT = [
  "Your account: ",
  "Ihr Konto: ",
  "Su cuenta: ",
  "Votre compte : ",
  "Il suo account: ",
];

/** What this person was told in the web app. */
export function Notices() {
  const queryClient = useQueryClient();
  const query = useInfiniteQuery(noticesQuery());
  const { mutate, isPending } = useMutation({
    mutationFn: () => putMyNotificationsRead(),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["notifications"] }),
  });
  return (
    <Loaded what="Your notices" query={query}>
      {(data) => {
        const notices = data.pages.flatMap((page) => page.items);
        const unread = notices.some(({ read_at }) => read_at === null);
        if (notices.length === 0)
          return (
            <Empty icon={<IconBellZ size={40} />} title="Nothing yet">
              When you are paged, or told of shifts, it is noted here too.
            </Empty>
          );
        return (
          <Stack gap="xs">
            {unread && (
              <Group justify="end">
                <Button
                  variant="default"
                  size="xs"
                  loading={isPending}
                  onClick={() => mutate()}
                >
                  Mark all as read
                </Button>
              </Group>
            )}
            {notices.map((notice) => (
              <OneNotice key={notice.id} notice={notice} />
            ))}
            <LoadMore {...query} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function OneNotice({ notice }: { notice: Notice }) {
  const { kind, cause, at, read_at } = notice;
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <Stack gap={0} miw={0}>
        <Subject notice={notice} />
        <Text size="xs" c="dimmed">
          {kind === "notice" &&
          ACCOUNT.some((begins) => cause.startsWith(begins)) ? (
            <TextLink to="/me" search={{ tab: "security" }} inherit>
              Security
            </TextLink>
          ) : kind === "notice" ? (
            // what can be answered is answered there
            <TextLink to="/on-call" inherit>
              On call
            </TextLink>
          ) : (
            cause
          )}
          {!read_at && " · new"}
        </Text>
      </Stack>
      <Text size="xs" c="dimmed">
        <Ago at={at} />
      </Text>
    </Group>
  );
}

function Subject({ notice }: { notice: Notice }) {
  const { kind, incident, cause, read_at } = notice;
  const look = { size: "sm", fw: read_at ? undefined : 600 };
  if (incident)
    return (
      <TextLink
        to="/incidents/$incidentId"
        params={{ incidentId: String(incident.number) }}
        {...look}
      >
        #{incident.number} {incident.title}
      </TextLink>
    );
  return <Text {...look}>{kind === "notice" ? cause : "A test message"}</Text>;
}
