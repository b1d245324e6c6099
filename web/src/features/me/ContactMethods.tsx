import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { AddMethodModal } from "./AddMethodModal";
import { MethodCard } from "./MethodCard";
import { channelsQuery, methodsQuery } from "./queries";

/** The addresses at which a person is reached. */
export function ContactMethods() {
  const me = useMe();
  const query = useQuery(methodsQuery(me.id));
  const channels = useQuery(channelsQuery).data ?? [];
  const [adding, setAdding] = useState(false);
  return (
    <Section title="Contact methods">
      <Loaded what="Your contact methods" query={query}>
        {(methods) => (
          <Stack gap="xs">
            {methods.map((method) => (
              <MethodCard
                key={method.id}
                userId={me.id}
                method={method}
                channel={channels.find(({ kind }) => kind === method.channel)}
              />
            ))}
            {methods.length === 0 && (
              <Text size="sm" c="dimmed">
                Nobody can page you yet. Add an address that reaches you at
                night too.
              </Text>
            )}
            <Group>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                onClick={() => setAdding(true)}
              >
                Add a contact method
              </Button>
            </Group>
          </Stack>
        )}
      </Loaded>
      {adding && (
        <AddMethodModal
          userId={me.id}
          // a subscription is made by the device itself, see below
          channels={channels.filter(
            ({ kind, user_addable }) => user_addable && kind !== "web_push",
          )}
          onClose={() => setAdding(false)}
        />
      )}
    </Section>
  );
}
