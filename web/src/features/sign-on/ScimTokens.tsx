import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { modals } from "@mantine/modals";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  createScimToken,
  type ProviderOut,
  revokeScimToken,
  type ScimTokenOut,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { CopyField } from "../../ui/CopyField";
import { FormModal } from "../../ui/FormModal";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { withStepUp } from "../../ui/step-up";
import { useSave } from "../../ui/use-save";
import { tokensQuery } from "./queries";

/** Provisioning: the provider puts people here and takes them away. */
export function ScimTokens({ provider }: { provider: ProviderOut }) {
  const tokens = useQuery(tokensQuery(provider.id)).data ?? [];
  const [adding, setAdding] = useState(false);
  const [token, setToken] = useState<string>();
  return (
    <Section
      title="Provisioning (SCIM 2.0)"
      action={
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          onClick={() => setAdding(true)}
        >
          Make a token
        </Button>
      }
    >
      <Text size="sm">
        The provider puts people and groups here, and takes them away the moment
        they leave. Enter there this address, and a token:
      </Text>
      <CopyField
        label="the address for SCIM"
        value={`${window.location.origin}/scim/v2`}
      />
      {tokens.length > 0 && (
        <Rows label="Tokens">
          {tokens.map((one) => (
            <Token key={one.id} provider={provider} token={one} />
          ))}
        </Rows>
      )}
      {adding && (
        <NewToken
          provider={provider}
          onClose={() => setAdding(false)}
          onMade={setToken}
        />
      )}
      <Modal
        opened={token !== undefined}
        onClose={() => setToken(undefined)}
        title="The token"
      >
        <Stack>
          <Text size="sm">It is shown only now.</Text>
          <CopyField label="the token" value={token ?? ""} />
          <Group justify="end">
            <Button onClick={() => setToken(undefined)}>
              I have copied it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  );
}

interface NewTokenProps {
  provider: ProviderOut;
  onClose: () => void;
  onMade: (token: string) => void;
}

function NewToken({ provider, onClose, onMade }: NewTokenProps) {
  const form = useForm({ initialValues: { name: provider.name } });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) =>
      withStepUp(() =>
        createScimToken({ path: { provider_id: provider.id }, body }),
      ),
    stale: [tokensQuery(provider.id).queryKey],
    onSaved: ({ token }) => {
      onClose();
      onMade(token);
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="Make a token"
      action="Make the token"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        description="Changes made with it stand under this name in the audit"
        maxLength={200}
        required
        data-autofocus
        {...form.getInputProps("name")}
      />
    </FormModal>
  );
}

interface TokenProps {
  provider: ProviderOut;
  token: ScimTokenOut;
}

function Token({ provider, token }: TokenProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      revokeScimToken({
        path: { provider_id: provider.id, token_id: token.id },
      }),
    onSettled: () => queryClient.invalidateQueries(tokensQuery(provider.id)),
  });
  const confirm = () =>
    modals.openConfirmModal({
      title: `Revoke ${token.name}?`,
      children: (
        <Text size="sm">
          The provider is refused at once. People stay as they are.
        </Text>
      ),
      labels: { confirm: "Revoke it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: () => mutate(),
    });
  return (
    <Row
      main={
        <>
          <Text fw={600}>{token.name}</Text>
          <Text size="sm" c="dimmed">
            <Text span ff="monospace" size="sm">
              {token.prefix}…
            </Text>
            {" · "}
            {token.used_at ? (
              <>
                used <Ago at={token.used_at} />
              </>
            ) : (
              "never used"
            )}
          </Text>
        </>
      }
      side={
        <Button
          size="xs"
          variant="default"
          loading={isPending}
          onClick={confirm}
        >
          Revoke
        </Button>
      }
    />
  );
}
