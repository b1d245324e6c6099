import { Button, Code, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconKey } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  createRoutingKey,
  deleteRoutingKey,
  type Integration,
  type RoutingKey,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { forgetFreshKey, keepFreshKey } from "./queries";

const MOST_KEYS = 2;

interface Props {
  integration: Integration;
  mayEdit: boolean;
  /** a key was made: it is shown in the set-up */
  onMade: () => void;
}

/** The keys that are taken; a second one lets senders move over without a gap. */
export function Keys({ integration, mayEdit, onMade }: Props) {
  const { keys, id } = integration;
  const queryClient = useQueryClient();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: ["integrations", id] });
  const add = useMutation({
    mutationFn: () => createRoutingKey({ path: { integration_id: id } }),
    onSuccess: async (key) => {
      keepFreshKey(queryClient, id, key);
      await refresh();
      toastDone("A new key is ready to copy in the set-up");
      onMade();
    },
  });
  const end = useMutation({
    mutationFn: (key: RoutingKey) =>
      deleteRoutingKey({ path: { integration_id: id, key_id: key.id } }),
    onSuccess: async (_nothing, key) => {
      forgetFreshKey(queryClient, id, key.prefix);
      await refresh();
      toastDone(`The key ${key.prefix}… is refused from now on`);
    },
  });
  const askToEnd = (key: RoutingKey) =>
    modals.openConfirmModal({
      title: `End the key ${key.prefix}…`,
      children: (
        <Text size="sm">
          {keys.length === 1
            ? "It is the only key: nothing this tool sends is taken any more, and nobody is paged for it. "
            : "Whatever still sends with it is refused. "}
          This cannot be taken back.
        </Text>
      ),
      labels: { confirm: "End the key", cancel: "Cancel" },
      confirmProps: { color: "red.8" },
      onConfirm: () => end.mutate(key),
    });
  return (
    <Section
      title="Routing keys"
      action={
        mayEdit &&
        keys.length < MOST_KEYS && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconKey size={16} />}
            loading={add.isPending}
            onClick={() => add.mutate()}
          >
            {keys.length === 0 ? "Make a key" : "Add a second key"}
          </Button>
        )
      }
    >
      {keys.length === 0 ? (
        <Text size="sm">There is no key: nothing is taken.</Text>
      ) : (
        <Rows label="Routing keys">
          {keys.map((key) => (
            <Row
              key={key.id}
              main={<Code>{key.prefix}…</Code>}
              side={
                <>
                  <Text size="sm" c="dimmed">
                    made <Ago at={key.created_at} />
                  </Text>
                  {mayEdit && (
                    <Button
                      size="compact-sm"
                      variant="default"
                      onClick={() => askToEnd(key)}
                    >
                      End
                    </Button>
                  )}
                </>
              }
            />
          ))}
        </Rows>
      )}
      {mayEdit && keys.length > 0 && (
        <Text size="sm" c="dimmed">
          {keys.length < MOST_KEYS
            ? "To change the key without a gap: add a second one, move the senders over, then end the old one."
            : "Both keys are taken. Once every sender uses the newer one, end the older one."}
        </Text>
      )}
    </Section>
  );
}
