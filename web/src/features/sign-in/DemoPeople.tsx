import { Button, Group, Stack, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { type DemoPerson, listDemoPeople } from "../../api/generated";

const demoQuery = queryOptions({
  queryKey: ["demo-people"],
  queryFn: ({ signal }) => listDemoPeople({ signal }),
  staleTime: Number.POSITIVE_INFINITY,
  retry: false,
});

interface Props {
  onPick: (person: DemoPerson) => void;
}

/** In a demo: who can sign in, with one press. Nothing elsewhere. */
export function DemoPeople({ onPick }: Props) {
  const people = useQuery(demoQuery).data ?? [];
  const first = people[0];
  if (!first) return null;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed" ta="center">
        This is a demo. Sign in as anybody; the password is “{first.password}”.
      </Text>
      <Group gap="xs" justify="center">
        {people.map((person) => (
          <Button
            key={person.email}
            size="xs"
            variant="default"
            onClick={() => onPick(person)}
          >
            {person.name}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}
