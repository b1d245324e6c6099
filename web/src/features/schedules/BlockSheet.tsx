import { Avatar, Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { IconUserOff } from "@tabler/icons-react";
import type { Schedule } from "../../api/generated";
import { useMe } from "../../me";
import { useNow } from "../../ui/now";
import { StateLabel } from "../../ui/StateLabel";
import { useSmall } from "../../ui/small";
import { duration } from "../../ui/time";
import { restOf } from "./hand-over";
import type { Block } from "./lanes";
import type { Wish } from "./OverrideForm";
import { TakeBack } from "./TakeBack";
import type { Span } from "./use-draw";
import { moment, zoneName } from "./words";

/** How one gives a shift away: to one person, or to whoever takes it. */
export type Giving = "swap" | "cover";

interface Props {
  block: Block;
  schedule: Schedule;
  zone: string;
  /** may put oneself on call */
  mayCover: boolean;
  /** may put anybody on call */
  mayEdit: boolean;
  onWish: (wish: Wish) => void;
  /** give this away that is one's own */
  onGive: (how: Giving, shift: Span) => void;
  onClose: () => void;
}

/** One shift or gap, and what can be done about it. */
export function BlockSheet(props: Props) {
  const { block, schedule, zone, mayCover, mayEdit, onWish, onGive, onClose } =
    props;
  const small = useSmall();
  const me = useMe();
  const now = useNow(60);
  const { user, override } = block;
  const past = block.end <= now;
  const rest = { start: Math.max(block.start, minute(now)), end: block.end };
  const mine = user?.id === me.id ? restOf(block, now) : undefined;
  const self = { id: me.id, name: me.name };

  return (
    <Drawer
      opened
      onClose={onClose}
      position={small ? "bottom" : "right"}
      size={small ? "auto" : 380}
      styles={small ? { content: { height: "auto" } } : undefined}
      title={schedule.name}
    >
      <Stack gap="md" pb="md">
        {user ? (
          <Group gap="sm" wrap="nowrap">
            <Avatar name={user.name} color="initials" aria-hidden />
            <div>
              <Text fw={600} size="lg" lh={1.3}>
                {user.name}
                {user.id === me.id && " (you)"}
              </Text>
              {block.row > 0 && (
                <Text size="sm" c="dimmed">
                  on call as well, as number {block.row + 1}
                </Text>
              )}
            </div>
          </Group>
        ) : (
          <StateLabel
            tone={block.intended || past ? "gray" : "red"}
            icon={IconUserOff}
            word={block.intended ? "Nobody, by design" : "Nobody is on call"}
          />
        )}
        <div>
          <Text size="sm">
            {moment(block.start, zone)} to {moment(block.end, zone)}
          </Text>
          <Text size="sm" c="dimmed">
            {duration((block.end - block.start) / 1000)}, times of{" "}
            {zoneName(zone)}
          </Text>
        </div>
        {override && (
          <Text size="sm">
            An override
            {override.replaces && ` for ${override.replaces.name}`}
            {override.created_by && `, made by ${override.created_by.name}`}
            {override.reason && `: ${override.reason}`}
          </Text>
        )}
        {!override && block.reason && <Text size="sm">{block.reason}</Text>}
        {!past && (
          <Stack gap="xs">
            {mayCover && user?.id !== me.id && (
              <Button
                size="md"
                onClick={() => onWish({ ...rest, user: self, replaces: user })}
              >
                Take it over
              </Button>
            )}
            {mine && (
              <>
                <Button size="md" onClick={() => onGive("swap", mine)}>
                  Offer it to somebody
                </Button>
                <Button
                  size="md"
                  variant="default"
                  onClick={() => onGive("cover", mine)}
                >
                  Ask for cover
                </Button>
              </>
            )}
            {mayEdit && (
              <Button
                size="md"
                variant="default"
                onClick={() => onWish({ ...rest, replaces: user })}
              >
                {user ? "Put somebody else on call" : "Put somebody on call"}
              </Button>
            )}
            {(mayEdit || override?.user.id === me.id) && (
              <TakeBack block={block} schedule={schedule} onDone={onClose} />
            )}
          </Stack>
        )}
      </Stack>
    </Drawer>
  );
}

const MINUTE_MS = 60_000;

function minute(at: number): number {
  return Math.ceil(at / MINUTE_MS) * MINUTE_MS;
}
