import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiKeyOut, revokeApiKey } from "../../api/generated";
import { KeyFacts } from "../../ui/KeyFacts";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { NewApiKeyModal } from "./NewApiKeyModal";
import { apiKeysQuery } from "./queries";

/** Keys with which programs act as this person. */
export function ApiKeys() {
  const query = useQuery(apiKeysQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Section title="API keys">
      <Loaded what="Your API keys" query={query}>
        {(keys) => (
          <Stack gap="sm">
            {keys.map((key) => (
              <Key key={key.id} apiKey={key} />
            ))}
            {keys.length === 0 && (
              <Text size="sm" c="dimmed">
                With a key, a program can do what you may do.
              </Text>
            )}
            <Group>
              <Button
                variant="default"
                leftSection={<IconPlus size={16} />}
                onClick={() => setAdding(true)}
              >
                Make an API key
              </Button>
            </Group>
          </Stack>
        )}
      </Loaded>
      {adding && <NewApiKeyModal onClose={() => setAdding(false)} />}
    </Section>
  );
}

function Key({ apiKey }: { apiKey: ApiKeyOut }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => revokeApiKey({ path: { key_id: apiKey.id } }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: apiKeysQuery.queryKey }),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: `Revoke ${apiKey.name}?`,
      children: (
        <Text size="sm">Programs that use it are refused at once.</Text>
      ),
      labels: { confirm: "Revoke it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Group justify="space-between" wrap="nowrap">
      <KeyFacts apiKey={apiKey} />
      <Button size="xs" variant="default" loading={isPending} onClick={confirm}>
        Revoke
      </Button>
    </Group>
  );
}
