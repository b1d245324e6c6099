import { Button, Group, Stack, Text } from "@mantine/core";
import { IconPlus, IconSend } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { channelsQuery, methodsQuery } from "../../api/channels";
import { sendProofs } from "../../api/generated";
import { useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { AddMethodModal } from "./AddMethodModal";
import { MethodCard } from "./MethodCard";

/** The addresses at which a person is reached. */
export function ContactMethods() {
  const me = useMe();
  const query = useQuery(methodsQuery(me.id));
  const channels = useQuery(channelsQuery).data ?? [];
  const search: Record<string, string> = useSearch({ strict: false });
  const navigate = useNavigate();
  const show = (add: string) =>
    void navigate({ to: ".", search: { ...search, add } });
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
            <Group gap="xs">
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                onClick={() => show("choose")}
              >
                Add a contact method
              </Button>
              {methods.length > 1 && <TestAll userId={me.id} />}
            </Group>
          </Stack>
        )}
      </Loaded>
      {search.add && channels.length > 0 && (
        <AddMethodModal
          userId={me.id}
          // a subscription is made by the device itself, see below
          channels={channels.filter(
            ({ kind, user_addable }) => user_addable && kind !== "web_push",
          )}
          first={search.add}
          onClose={() => show("")}
        />
      )}
    </Section>
  );
}

function TestAll({ userId }: { userId: string }) {
  const { mutate, isPending } = useMutation({
    mutationFn: () => sendProofs({ path: { user_id: userId } }),
    onSuccess: ({ count }) =>
      toastDone(
        count === 0
          ? "Nothing to test: no contact method that could wake you is in use"
          : `${count === 1 ? "A quiet test is" : `${count} quiet tests are`} on the way`,
      ),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconSend size={16} />}
      loading={isPending}
      onClick={() => mutate()}
    >
      Test all
    </Button>
  );
}
