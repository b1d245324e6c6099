import { Paper, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNow } from "../../ui/now";
import { Problem } from "../../ui/Problem";
import { huesOf } from "../../ui/person-hue";
import { HERE, wallOf } from "../../ui/wall";
import { bodyOf, type Draft } from "./draft";
import { Findings } from "./Findings";
import { Lanes } from "./Lanes";
import { everybody, lanesOf } from "./lanes";
import { isComplete } from "./problems";
import { previewQuery } from "./queries";
import { titleOf, windowOf } from "./window";
import { zoneName } from "./words";

const WAIT_MS = 350;

/** What the schedule would look like if it were saved now, and what is wrong with it. */
export function Preview({ draft }: { draft: Draft }) {
  const [settled] = useDebouncedValue(draft, WAIT_MS);
  const now = useNow(60);
  const first = settled.from_date || wallOf(now, HERE).date;
  const window = windowOf("fortnight", first, HERE);
  const complete = isComplete(settled);
  const query = useQuery({
    ...previewQuery(
      { ...bodyOf(settled), name: settled.name.trim() || "New schedule" },
      window.start,
      window.end,
    ),
    enabled: complete,
  });
  if (!complete)
    return (
      <Paper withBorder p="md">
        <Text size="sm" c="dimmed">
          Two weeks are drawn here as soon as every layer has somebody to take
          turns.
        </Text>
      </Paper>
    );
  if (query.error) return <Problem text={query.error.message} />;
  if (!query.data) return null;
  const { timeline, findings } = query.data;
  const hues = huesOf(everybody(timeline));
  return (
    <Stack gap="sm" aria-busy={query.isFetching}>
      <Lanes
        lanes={lanesOf(timeline)}
        window={window}
        zoom="fortnight"
        hue={(id) => hues.get(id) ?? 0}
      />
      <Text size="xs" c="dimmed">
        {titleOf("fortnight", window)}, times of {zoneName(HERE)}
      </Text>
      <Findings findings={findings} />
    </Stack>
  );
}
