import { Group, Paper, Stack, Text } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import { useState } from "react";
import { MoveButtons } from "../../ui/MoveButtons";
import { type Person, PersonSelect } from "../../ui/PersonSelect";

interface Props {
  people: readonly Person[];
  /** for screen readers: "Primary" */
  layer: string;
  error: string | undefined;
  onChange: (people: Person[]) => void;
}

/** Who takes turns, in order: by dragging, or with the buttons. */
export function People({ people, layer, error, onChange }: Props) {
  const [dragged, setDragged] = useState<number>();
  const move = (from: number, to: number) => {
    const next = [...people];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  return (
    <Stack gap={6}>
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
              pl={6}
              style={{ listStyle: "none" }}
              opacity={dragged === at ? 0.5 : 1}
              draggable
              onDragStart={() => setDragged(at)}
              onDragEnd={() => setDragged(undefined)}
              onDragOver={(event) => {
                if (dragged === undefined) return;
                event.preventDefault();
                if (dragged === at) return;
                move(dragged, at);
                setDragged(at);
              }}
            >
              <Group justify="space-between" wrap="nowrap">
                <Group gap={6} wrap="nowrap" miw={0}>
                  <IconGripVertical
                    size={16}
                    aria-hidden
                    style={{ cursor: "grab", opacity: 0.5, flex: "none" }}
                  />
                  <Text size="sm" truncate>
                    <Text span c="dimmed" mr={8}>
                      {at + 1}
                    </Text>
                    {person.name}
                  </Text>
                </Group>
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
        aria-label={`Add a person to ${layer}`}
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
