import { Button, Group, Modal, Stack, Switch, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconShieldLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type Integration,
  type IntegrationSigning,
  patchSigning,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { OwnScheme } from "./OwnScheme";
import { signingQuery } from "./queries";
import { SecretForm } from "./SecretForm";
import { Secrets } from "./Secrets";

const MOST_SECRETS = 2;

interface Props {
  integration: Integration;
  mayEdit: boolean;
}

/** Proof that a request is from the tool: the scheme, the secrets, and whether it is needed. */
export function Signing({ integration, mayEdit }: Props) {
  const query = useQuery(signingQuery(integration.id));
  return (
    <Loaded what="The signatures" query={query}>
      {(signing) => (
        <Known integration={integration} signing={signing} mayEdit={mayEdit} />
      )}
    </Loaded>
  );
}

interface LoadedProps extends Props {
  signing: IntegrationSigning;
}

function Known({ integration, signing, mayEdit }: LoadedProps) {
  const { scheme, by_secret, secrets } = signing;
  const told = signing.own_scheme !== null || signing.signed_as !== null;
  const [adding, { open, close }] = useDisclosure();
  const [describing, describe] = useDisclosure();
  const [made, setMade] = useState<string | null>(null);
  return (
    <Section
      title="Signatures"
      action={
        mayEdit &&
        scheme !== null &&
        by_secret &&
        secrets.length < MOST_SECRETS && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconShieldLock size={16} />}
            onClick={open}
          >
            {secrets.length === 0 ? "Set a secret" : "Change the secret"}
          </Button>
        )
      }
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm">{schemeInWords(integration, signing)}</Text>
        {mayEdit && signing.verified_with === "token" && (
          <TextLink
            to="/integrations/$integrationId"
            params={{ integrationId: integration.id }}
            search={{ tab: "settings" }}
            size="sm"
          >
            {signing.required ? "Change whose" : "Say whose"}
          </TextLink>
        )}
        {mayEdit && by_secret && (
          <Button size="compact-sm" variant="subtle" onClick={describe.open}>
            {told ? "Change how" : "It signs in another way"}
          </Button>
        )}
      </Group>
      {secrets.length > 0 && (
        <Secrets
          integrationId={integration.id}
          secrets={secrets}
          mayEdit={mayEdit}
        />
      )}
      {scheme !== null && by_secret && (
        <Required
          integrationId={integration.id}
          signing={signing}
          mayEdit={mayEdit}
        />
      )}
      {adding && (
        <SecretForm
          integrationId={integration.id}
          rotates={secrets.length > 0}
          onClose={close}
          onMade={(secret) => {
            close();
            setMade(secret);
          }}
        />
      )}
      {describing && (
        <OwnScheme
          integrationId={integration.id}
          signing={signing}
          onClose={describe.close}
        />
      )}
      <Modal
        opened={made !== null}
        onClose={() => setMade(null)}
        title="The new secret"
      >
        <Stack>
          <Text size="sm">
            Paste it into {integration.title} now: it is not shown again.
          </Text>
          <CopyField label="the secret" value={made ?? ""} />
          <Group justify="end">
            <Button onClick={() => setMade(null)}>I have it</Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  );
}

function schemeInWords(
  { title }: Integration,
  signing: IntegrationSigning,
): string {
  const { scheme, verified_with, own_scheme, signed_as } = signing;
  if (own_scheme)
    return `Its requests are signed in the header ${own_scheme.header}, as described here.`;
  if (signed_as) return `Its requests are signed as ${scheme} says.`;
  if (verified_with === "token")
    return signing.required
      ? `Every request has to bring a token of ${scheme} that says who sends it, as set under Settings. There is no secret to set.`
      : `${title} can prove who it is with a token of ${scheme}. Fill in under Settings whose tokens to believe; until then the key in the address is the proof.`;
  if (verified_with === "certificate")
    return `${title} signs all that it sends; PageFree verifies it with the sender's certificate (scheme: ${scheme}). There is no secret to set.`;
  if (scheme)
    return `${title} can sign its requests; PageFree verifies them (scheme: ${scheme}).`;
  return `PageFree knows no way in which ${title} signs. If whatever sends here can sign, say how; else the key in the address is the proof.`;
}

function Required({
  integrationId,
  signing,
  mayEdit,
}: {
  integrationId: string;
  signing: IntegrationSigning;
  mayEdit: boolean;
}) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: (required: boolean) =>
      patchSigning({
        path: { integration_id: integrationId },
        body: { required },
      }),
    onSuccess: (changed) => {
      queryClient.setQueryData(signingQuery(integrationId).queryKey, changed);
      toastDone(
        changed.required
          ? "Requests without a right signature are refused from now on"
          : "Requests without a signature are taken again",
      );
    },
  });
  return (
    <Switch
      label="Refuse what is not signed"
      description={
        signing.required
          ? "A request without a right signature has no effect; the log says which check failed."
          : "Unsigned requests are taken. A signature that is there must be right all the same."
      }
      checked={signing.required}
      disabled={!mayEdit || isPending}
      onChange={(event) => mutate(event.currentTarget.checked)}
    />
  );
}
