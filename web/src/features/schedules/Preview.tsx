import { Text } from "@mantine/core";
import { useDeferredValue } from "react";
import { useNow } from "../../ui/now";
import { Section } from "../../ui/Section";
import { type Draft, rotationOf } from "./draft";
import { isComplete, turns } from "./rotation";
import { ShiftPicture } from "./ShiftPicture";
import { midnight } from "./weeks";

const WINDOW_DAYS = 14;

/** What the schedule would look like if it were saved now. */
export function Preview({ draft }: { draft: Draft }) {
  const rotation = rotationOf(useDeferredValue(draft));
  const from = midnight(useNow(60));
  return (
    <Section title="What this makes">
      {isComplete(rotation) ? (
        <ShiftPicture
          turns={turns(rotation, from, midnight(from, WINDOW_DAYS))}
          people={rotation.users}
          from={from}
          zone={rotation.zone}
        />
      ) : (
        <Text size="sm" c="dimmed">
          The next two weeks are drawn here as soon as there is somebody to take
          turns.
        </Text>
      )}
    </Section>
  );
}
