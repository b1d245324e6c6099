import { ActionIcon, Group } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { announce } from "./live-region";

interface Props {
  /** "step 2", "Ana" */
  what: string;
  at: number;
  count: number;
  onMove: (to: number) => void;
  /** none: it may not go; null: not from here */
  onRemove?: (() => void) | null;
}

/** Up, down and away, for a thing in an order; works by keyboard and thumb alike. */
export function MoveButtons({ what, at, count, onMove, onRemove }: Props) {
  const move = (to: number) => {
    onMove(to);
    announce(`${what} is now number ${to + 1} of ${count}`);
  };
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Move ${what} up`}
        disabled={at === 0}
        onClick={() => move(at - 1)}
      >
        <IconArrowUp size={18} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Move ${what} down`}
        disabled={at === count - 1}
        onClick={() => move(at + 1)}
      >
        <IconArrowDown size={18} />
      </ActionIcon>
      {onRemove !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={`Remove ${what}`}
          disabled={!onRemove}
          onClick={onRemove}
        >
          <IconX size={18} />
        </ActionIcon>
      )}
    </Group>
  );
}
