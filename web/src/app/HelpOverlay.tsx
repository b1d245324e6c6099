import {
  Group,
  Kbd,
  Modal,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useMe } from "../me";
import { placesFor } from "./places";

const LISTS: readonly [string, string][] = [
  ["j / k", "next, previous"],
  ["Enter", "open"],
  ["x", "select"],
  ["a", "acknowledge"],
  ["r", "resolve"],
  ["s", "snooze"],
  ["/", "search"],
];

const INCIDENT: readonly [string, string][] = [
  ["a", "acknowledge"],
  ["r", "resolve"],
  ["s", "snooze for an hour"],
  ["n", "write a note"],
  ["u", "back to the list"],
];

const EVERYWHERE: readonly [string, string][] = [
  ["Ctrl K", "go to anything, run any action"],
  ["?", "this help"],
];

interface Props {
  onClose: () => void;
}

/** All keys, on one card. */
export default function HelpOverlay({ onClose }: Props) {
  const me = useMe();
  const go = placesFor(me).map(({ letter, title }): [string, string] => [
    `g ${letter}`,
    title,
  ]);
  return (
    <Modal opened onClose={onClose} title="Keyboard" size="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Keys title="In lists" keys={LISTS} />
        <Keys title="Go to" keys={go} />
        <Keys title="On an incident" keys={INCIDENT} />
        <Keys title="Everywhere" keys={EVERYWHERE} />
      </SimpleGrid>
    </Modal>
  );
}

function Keys({
  title,
  keys,
}: {
  title: string;
  keys: readonly [string, string][];
}) {
  return (
    <Stack gap={6}>
      <Title order={3}>{title}</Title>
      {keys.map(([key, does]) => (
        <Group key={key} gap="sm" wrap="nowrap">
          <Kbd miw={56} ta="center">
            {key}
          </Kbd>
          <Text size="sm">{does}</Text>
        </Group>
      ))}
    </Stack>
  );
}
