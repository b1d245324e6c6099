import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type ApiKeyOut,
  revokeServiceAccountKey,
  type ServiceAccountOut,
} from "../../api/generated";
import { KeyFacts } from "../../ui/KeyFacts";
import { Loaded } from "../../ui/Loaded";
import { programKeysQuery, programsQuery } from "./queries";

interface Props {
  program: ServiceAccountOut;
  onClose: () => void;
}

/** The keys of one program; each can be revoked alone. */
export function ProgramKeys({ program, onClose }: Props) {
  const query = useQuery(programKeysQuery(program.id));
  return (
    <Modal opened onClose={onClose} title={`Keys of ${program.name}`} size="lg">
      <Loaded what="Its keys" query={query}>
        {(keys) => (
          <Stack gap="sm">
            {keys.map((key) => (
              <Key key={key.id} programId={program.id} apiKey={key} />
            ))}
            {keys.length === 0 && (
              <Text size="sm" c="dimmed">
                It has no key that counts.
              </Text>
            )}
          </Stack>
        )}
      </Loaded>
    </Modal>
  );
}

function Key({ programId, apiKey }: { programId: string; apiKey: ApiKeyOut }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      revokeServiceAccountKey({
        path: { account_id: programId, key_id: apiKey.id },
      }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: programsQuery.queryKey }),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: `Revoke ${apiKey.name}?`,
      children: (
        <Text size="sm">
          Whatever uses it is refused at once. Its other keys go on.
        </Text>
      ),
      labels: { confirm: "Revoke it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Group justify="space-between" wrap="nowrap">
      <KeyFacts apiKey={apiKey} />
      <Button
        size="xs"
        flex="none"
        variant="default"
        loading={isPending}
        onClick={confirm}
      >
        Revoke
      </Button>
    </Group>
  );
}
