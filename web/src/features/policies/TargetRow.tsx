import { ActionIcon, Group, Select, Text } from "@mantine/core";
import { IconEyeOff, IconX } from "@tabler/icons-react";
import type { Which } from "../../api/generated";
import type { Target } from "./draft";
import { KINDS, MARKS } from "./TargetPill";

const WHICH_NAMES: Record<Which, string> = {
  current: "Whoever is on call",
  next: "Whoever is next",
  all: "All its layers",
};

interface Props {
  target: Target;
  /** those of a schedule that nothing else in the step pages */
  left: readonly Which[];
  onChange: (which: Which) => void;
  onRemove: () => void;
}

/** What a step pages of a team that one does not see: it can be counted, and stays. */
export function HiddenTargets({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Group gap={6} wrap="nowrap">
      <IconEyeOff size={16} aria-hidden style={{ flex: "none" }} />
      <Text size="sm" c="dimmed">
        {count === 1
          ? "1 target of a team that you do not see: it stays"
          : `${count} targets of teams that you do not see: they stay`}
      </Text>
    </Group>
  );
}

/** Who is paged by a step being edited; of a schedule: whom of it. */
export function TargetRow({ target, left, onChange, onRemove }: Props) {
  const Mark = MARKS[target.kind];
  const name = target.name ?? "no longer exists";
  const offered = [target.which, ...left];
  return (
    <Group gap="0 xs" justify="space-between" role="group" aria-label={name}>
      <Group gap={6} wrap="nowrap" miw={0}>
        <Mark
          size={16}
          role="img"
          aria-label={KINDS[target.kind]}
          style={{ flex: "none" }}
        />
        <Text size="sm" truncate>
          {name}
        </Text>
      </Group>
      <Group gap={4} wrap="nowrap" ml="auto">
        {target.kind === "schedule" && (
          <Select
            aria-label={`Whom of ${name}`}
            size="xs"
            w={170}
            allowDeselect={false}
            data={Object.entries(WHICH_NAMES)
              .filter(([which]) => offered.some((each) => each === which))
              .map(([value, label]) => ({ value, label }))}
            value={target.which}
            onChange={(value) => {
              const which = offered.find((each) => each === value);
              if (which) onChange(which);
            }}
          />
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={
            target.kind === "room"
              ? `Do not post in ${name}`
              : `Do not page ${name}`
          }
          onClick={onRemove}
        >
          <IconX size={16} />
        </ActionIcon>
      </Group>
    </Group>
  );
}
