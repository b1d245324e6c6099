import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBellZ } from "@tabler/icons-react";
import {
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import { putMyNotificationsRead } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { noticesQuery } from "./queries";

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
              When you are paged, it is noted here too.
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
            {notices.map(({ id, incident, cause, at, read_at }) => (
              <Group key={id} justify="space-between" wrap="nowrap" gap="sm">
                <Stack gap={0} miw={0}>
                  {incident ? (
                    <TextLink
                      to="/incidents/$incidentId"
                      params={{ incidentId: String(incident.number) }}
                      size="sm"
                      fw={read_at ? undefined : 600}
                    >
                      #{incident.number} {incident.title}
                    </TextLink>
                  ) : (
                    <Text size="sm" fw={read_at ? undefined : 600}>
                      A test message
                    </Text>
                  )}
                  <Text size="xs" c="dimmed">
                    {cause}
                    {!read_at && " · new"}
                  </Text>
                </Stack>
                <Text size="xs" c="dimmed">
                  <Ago at={at} />
                </Text>
              </Group>
            ))}
            <LoadMore {...query} />
          </Stack>
        );
      }}
    </Loaded>
  );
}
