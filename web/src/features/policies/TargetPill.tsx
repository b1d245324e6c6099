import { Group, Pill } from "@mantine/core";
import { IconCalendarTime, IconUser, IconUsers } from "@tabler/icons-react";
import type { Target } from "./draft";

const ICONS = { schedule: IconCalendarTime, team: IconUsers, user: IconUser };
const KINDS = { schedule: "Schedule", team: "Team", user: "Person" };

interface Props {
  target: Target;
  onRemove?: () => void;
}

/** Who is paged, with what it is as an icon. */
export function TargetPill({ target, onRemove }: Props) {
  const Mark = ICONS[target.kind];
  const name = target.name ?? "no longer exists";
  return (
    <Pill
      size="md"
      bg="var(--mantine-color-default-hover)"
      withRemoveButton={onRemove !== undefined}
      onRemove={onRemove}
      removeButtonProps={{
        "aria-label": `Do not page ${name}`,
        "aria-hidden": false,
        tabIndex: 0,
      }}
    >
      <Group component="span" gap={6} wrap="nowrap">
        <Mark size={14} role="img" aria-label={KINDS[target.kind]} />
        {name}
      </Group>
    </Pill>
  );
}
