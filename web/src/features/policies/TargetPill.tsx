import { Group, Pill, Text } from "@mantine/core";
import {
  IconCalendarTime,
  IconMessages,
  IconUser,
  IconUsers,
} from "@tabler/icons-react";
import type { Target } from "./draft";

export const MARKS = {
  schedule: IconCalendarTime,
  team: IconUsers,
  user: IconUser,
  room: IconMessages,
};
export const KINDS = {
  schedule: "Schedule",
  team: "Team",
  user: "Person",
  room: "Room",
};
const WHICH_WORDS = { current: "", next: "next on call", all: "all layers" };

/** Who is paged, with what it is as an icon. */
export function TargetPill({ target }: { target: Target }) {
  const Mark = MARKS[target.kind];
  const which = target.kind === "schedule" ? WHICH_WORDS[target.which] : "";
  return (
    <Pill size="md" bg="var(--mantine-color-default-hover)">
      <Group component="span" gap={6} wrap="nowrap">
        <Mark size={14} role="img" aria-label={KINDS[target.kind]} />
        {target.hidden
          ? "of a team that you do not see"
          : (target.name ?? "no longer exists")}
        {which && (
          <Text span inherit c="dimmed">
            {which}
          </Text>
        )}
      </Group>
    </Pill>
  );
}
