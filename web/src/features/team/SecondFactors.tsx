import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBell, IconShieldCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  remindPeopleWithoutSecondFactor,
  type WithoutFactor,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { toastDone } from "../../ui/toast";
import { withoutFactorQuery } from "./queries";

/** For platform admins: who has no second factor yet. */
export function SecondFactors() {
  const queryClient = useQueryClient();
  const query = useQuery(withoutFactorQuery);
  const { mutate, isPending } = useMutation({
    mutationFn: () => remindPeopleWithoutSecondFactor(),
    onSuccess: ({ people }) =>
      toastDone(
        people === 0
          ? "All of them were reminded within a day"
          : people === 1
            ? "One person is reminded"
            : `${people} people are reminded`,
      ),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: withoutFactorQuery.queryKey }),
  });
  return (
    <Loaded what="Who has none" query={query}>
      {(people) =>
        people.length === 0 ? (
          <Empty
            icon={<IconShieldCheck size={40} />}
            title="Everybody has a second factor"
          >
            From when on it is asked of everybody is set under Me, Security.
          </Empty>
        ) : (
          <Stack>
            <Group justify="space-between">
              <Text size="sm" c="dimmed">
                {people.length === 1
                  ? "One person has no second factor."
                  : `${people.length} people have no second factor.`}{" "}
                From when on it is asked of them is set under{" "}
                <TextLink to="/me" search={{ tab: "security" }} inherit>
                  Me, Security
                </TextLink>
                .
              </Text>
              <Button
                variant="default"
                leftSection={<IconBell size={16} />}
                loading={isPending}
                onClick={() => mutate()}
              >
                Remind them
              </Button>
            </Group>
            <Rows label="People without a second factor">
              {people.map((person) => (
                <PersonRow key={person.id} person={person} />
              ))}
            </Rows>
          </Stack>
        )
      }
    </Loaded>
  );
}

function PersonRow({ person }: { person: WithoutFactor }) {
  return (
    <Row
      main={
        <>
          <TextLink
            to="/team/users/$userId"
            params={{ userId: person.id }}
            fw={600}
          >
            {person.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {person.email}
          </Text>
        </>
      }
      side={
        <Text size="sm" c="dimmed">
          {wayOf(person)}
          {person.reminded_at && (
            <>
              {" · reminded "}
              <Ago at={person.reminded_at} />
            </>
          )}
        </Text>
      }
    />
  );
}

function wayOf({ password, provider, platform_admin }: WithoutFactor): string {
  const way = password
    ? "signs in with a password"
    : provider
      ? "signs in at a provider"
      : "has not signed in yet";
  return platform_admin ? `platform admin, ${way}` : way;
}
