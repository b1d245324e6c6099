import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconCalendarShare } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ago } from "./Ago";
import { CalendarAddresses } from "./CalendarAddresses";
import {
  calendarFeedQuery,
  deleteCalendarFeed,
  makeCalendarFeed,
  type Subject,
} from "./calendar-feed";
import { Loaded } from "./Loaded";
import { Section } from "./Section";

interface Props {
  of: Subject;
  /** what is in the calendar, in a sentence */
  children: string;
}

/** A calendar to subscribe to, at a secret address of whoever looks. */
export function CalendarFeed({ of, children }: Props) {
  const query = useQuery(calendarFeedQuery(of));
  const queryClient = useQueryClient();
  const onSettled = () =>
    queryClient.invalidateQueries({ queryKey: calendarFeedQuery(of).queryKey });
  const make = useMutation({
    mutationFn: () => makeCalendarFeed(of),
    onSettled,
  });
  const remove = useMutation({
    mutationFn: () => deleteCalendarFeed(of),
    onSuccess: make.reset,
    onSettled,
  });
  const confirmed = (title: string, confirm: string, onConfirm: () => void) =>
    modals.openConfirmModal({
      title,
      children: (
        <Text size="sm">
          Programs that read the calendar at its present address get nothing
          from then on.
        </Text>
      ),
      labels: { confirm, cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm,
    });
  return (
    <Section title="In your own calendar">
      <Stack gap="sm" maw={760}>
        <Text size="sm" c="dimmed">
          {children}
        </Text>
        <Loaded what="The calendar's address" query={query} skeleton={null}>
          {({ exists, created_at, read_at }) =>
            exists ? (
              <>
                {make.data && <CalendarAddresses feed={make.data} />}
                <Text size="sm">
                  It has an address
                  {created_at && (
                    <>
                      , made <Ago at={created_at} />
                    </>
                  )}
                  .{" "}
                  {read_at ? (
                    <>
                      Last read <Ago at={read_at} />.
                    </>
                  ) : (
                    "Nobody has read it yet."
                  )}
                </Text>
                <Group gap="xs">
                  <Button
                    variant="default"
                    loading={make.isPending}
                    onClick={() =>
                      confirmed("Make a new address?", "Make a new one", () =>
                        make.mutate(),
                      )
                    }
                  >
                    Make a new address
                  </Button>
                  <Button
                    variant="default"
                    loading={remove.isPending}
                    onClick={() =>
                      confirmed("Delete the address?", "Delete it", () =>
                        remove.mutate(),
                      )
                    }
                  >
                    Delete the address
                  </Button>
                </Group>
              </>
            ) : (
              <Group>
                <Button
                  variant="default"
                  leftSection={<IconCalendarShare size={16} />}
                  loading={make.isPending}
                  onClick={() => make.mutate()}
                >
                  Make a secret address
                </Button>
              </Group>
            )
          }
        </Loaded>
      </Stack>
    </Section>
  );
}
