import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUsers } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { UserOut } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { peopleQuery } from "./queries";
import { UserForm } from "./UserForm";
import { UserState } from "./UserState";

/** Everybody with an account. */
export function People({ mayAdd }: { mayAdd: boolean }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 200);
  const [adding, { open, close }] = useDisclosure();
  const query = useInfiniteQuery({
    ...peopleQuery(wanted),
    placeholderData: keepPreviousData,
  });
  return (
    <Stack>
      <Group gap="xs">
        <TextInput
          aria-label="Find a person"
          placeholder="Find a person by name or address"
          leftSection={<IconSearch size={16} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          style={{ flex: "1 1 12rem" }}
        />
        {mayAdd && (
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            Add a person
          </Button>
        )}
      </Group>
      <Loaded what="The people" query={query}>
        {({ pages }) => {
          const people = pages.flatMap((page) => page.items);
          return people.length === 0 ? (
            <Empty icon={<IconUsers size={40} />} title="Nobody has that name">
              Look for another part of the name or address.
            </Empty>
          ) : (
            <>
              <Rows label="People">
                {people.map((user) => (
                  <PersonRow key={user.id} user={user} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      {mayAdd && (
        <UserForm
          key={adding ? "adding" : "closed"}
          opened={adding}
          onClose={close}
          onSaved={({ id }) =>
            navigate({ to: "/team/users/$userId", params: { userId: id } })
          }
        />
      )}
    </Stack>
  );
}

function PersonRow({ user }: { user: UserOut }) {
  return (
    <Row
      main={
        <>
          <TextLink
            to="/team/users/$userId"
            params={{ userId: user.id }}
            fw={600}
            c={user.deactivated_at ? "dimmed" : undefined}
          >
            {user.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {user.email}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {user.teams.map(({ team }) => team.name).join(", ") || "no team"}
          </Text>
          <UserState user={user} />
        </>
      }
    />
  );
}
