import { Anchor, List, Paper, Stack, Text } from "@mantine/core";
import type { NewCalendarFeed } from "../api/generated";
import { CopyField } from "./CopyField";

/** The addresses of a calendar, which are shown once, and what to do with them. */
export function CalendarAddresses({ feed }: { feed: NewCalendarFeed }) {
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Text fw={600}>Copy it now: it is shown only this once</Text>
        <CopyField label="the address" value={feed.url} />
        <CopyField
          label="the address for calendar programs"
          value={feed.webcal_url}
        />
        <List size="sm" spacing={4}>
          <List.Item>
            <b>Google Calendar</b>: Other calendars, +, From URL; paste the
            first address. It looks every 8 to 24 hours.
          </List.Item>
          <List.Item>
            <b>Outlook</b>: Add calendar, Subscribe from web; paste the first
            address.
          </List.Item>
          <List.Item>
            <b>Apple Calendar</b>:{" "}
            <Anchor href={feed.webcal_url} inherit>
              open the second address
            </Anchor>
            , or File, New Calendar Subscription.
          </List.Item>
        </List>
        <Text size="sm" c="dimmed">
          Whoever knows the address can read the calendar.
        </Text>
      </Stack>
    </Paper>
  );
}
