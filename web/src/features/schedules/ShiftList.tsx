import { Anchor, Group, Table, Text } from "@mantine/core";
import { IconUserOff } from "@tabler/icons-react";
import { useNow } from "../../ui/now";
import { StateLabel } from "../../ui/StateLabel";
import { type Block, clipped, type Lane } from "./lanes";
import type { Window } from "./window";
import { holder, moment } from "./words";

interface Props {
  lane: Lane | undefined;
  window: Window;
  onOpen: (block: Block) => void;
}

/** The picture in words, one line for each shift and each gap. */
export function ShiftList({ lane, window, onOpen }: Props) {
  const now = useNow(60);
  const blocks = (lane?.blocks ?? []).filter((each) => clipped(each, window));
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label="Shifts" verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>From</Table.Th>
            <Table.Th>Until</Table.Th>
            <Table.Th>On call</Table.Th>
            <Table.Th>Why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {blocks.map((block) => (
            <Table.Tr
              key={block.key}
              c={block.end <= now ? "dimmed" : undefined}
            >
              <Table.Td>{moment(block.start, window.zone)}</Table.Td>
              <Table.Td>{moment(block.end, window.zone)}</Table.Td>
              <Table.Td>
                <Group gap="xs">
                  <Anchor
                    component="button"
                    type="button"
                    size="sm"
                    fw={600}
                    ta="left"
                    onClick={() => onOpen(block)}
                  >
                    {holder(block)}
                  </Anchor>
                  {!block.user && !block.intended && block.end > now && (
                    <StateLabel tone="red" icon={IconUserOff} word="Gap" />
                  )}
                  {block.start <= now && now < block.end && (
                    <Text size="xs" c="dimmed">
                      now
                    </Text>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{why(block)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function why({ override, reason, row }: Block): string {
  if (!override) return reason ?? (row > 0 ? "as well" : "");
  const instead = override.replaces ? `for ${override.replaces.name}` : "";
  return ["override", instead, reason && `(${reason})`]
    .filter(Boolean)
    .join(" ");
}
