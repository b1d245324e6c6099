import { Group, Paper, Stack, Text } from "@mantine/core";
import { MoveButtons } from "../../ui/MoveButtons";
import { PersonSelect } from "../../ui/PersonSelect";
import type { Person } from "./rotation";

interface Props {
  people: readonly Person[];
  error: string | undefined;
  onChange: (people: Person[]) => void;
}

/** Who takes turns, in order. */
export function People({ people, error, onChange }: Props) {
  const move = (from: number, to: number) => {
    const next = [...people];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  return (
    <Stack gap="xs">
      <div>
        <Text fw={500} size="sm">
          People, in the order of their turns
        </Text>
        <Text size="xs" c="dimmed">
          The first one begins; after the last one it starts again.
        </Text>
      </div>
      {people.length > 0 && (
        <Stack component="ol" gap={4} m={0} p={0}>
          {people.map((person, at) => (
            <Paper
              key={person.id}
              withBorder
              component="li"
              pl="sm"
              style={{ listStyle: "none" }}
            >
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" truncate>
                  <Text span c="dimmed" mr={8}>
                    {at + 1}
                  </Text>
                  {person.name}
                </Text>
                <MoveButtons
                  what={person.name}
                  at={at}
                  count={people.length}
                  onMove={(to) => move(at, to)}
                  onRemove={() =>
                    onChange(people.filter(({ id }) => id !== person.id))
                  }
                />
              </Group>
            </Paper>
          ))}
        </Stack>
      )}
      <PersonSelect
        aria-label="Add a person"
        placeholder="Add a person"
        except={people.map(({ id }) => id)}
        onPick={(person) => onChange([...people, person])}
      />
      {error && (
        <Text size="sm" c="red" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}
