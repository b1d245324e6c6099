import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { IconFingerprint, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  addPasskey,
  askToMakePasskey,
  type FactorsOut,
  type PasskeyOut,
  removePasskey,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Problem } from "../../ui/Problem";
import { makePasskey, passkeyProblem, passkeysWork } from "../../ui/passkey";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { browserName } from "./browser-name";
import { PasskeyName } from "./PasskeyName";
import { factorsQuery } from "./queries";

interface Props {
  factors: FactorsOut;
  onCodes: (codes: string[]) => void;
}

/** Keys of phones and laptops that sign in by a finger or a face. */
export function Passkeys({ factors, onCodes }: Props) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      withStepUp(async () => {
        const made = await makePasskey(await askToMakePasskey());
        const name = browserName(navigator.userAgent);
        return addPasskey({ body: { ...made, name } });
      }),
    meta: { showsErrors: true },
    onSuccess: ({ passkey, recovery_codes }) => {
      toastDone(`The passkey “${passkey.name}” can sign you in`);
      onCodes(recovery_codes);
    },
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  const here = passkeysWork(factors.passkey_host);
  return (
    <Stack gap="xs">
      <Problem text={passkeyProblem(error)} />
      <Group justify="space-between" wrap="nowrap">
        <Stack gap={0} miw={0}>
          <Text size="sm" fw={500}>
            Passkeys
          </Text>
          <Text size="xs" c="dimmed">
            {whyNot(factors, here) ??
              "Sign in by finger, face or PIN of this device, without the password"}
          </Text>
        </Stack>
        {here && (
          <Button
            size="xs"
            flex="none"
            variant="default"
            leftSection={<IconFingerprint size={16} />}
            loading={isPending}
            onClick={() => mutate()}
          >
            Add a passkey
          </Button>
        )}
      </Group>
      {factors.passkeys.map((passkey) => (
        <OnePasskey key={passkey.id} passkey={passkey} />
      ))}
    </Stack>
  );
}

function whyNot(factors: FactorsOut, here: boolean): string | undefined {
  if (here) return undefined;
  if (!factors.passkeys_possible)
    return "They need PageFree to have an https address with a name";
  return `They work in browsers that open PageFree at ${factors.passkey_host}`;
}

function OnePasskey({ passkey }: { passkey: PasskeyOut }) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      withStepUp(() => removePasskey({ path: { passkey_id: passkey.id } })),
    onSuccess: () => toastDone(`The passkey “${passkey.name}” counts no more`),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  return (
    <Group justify="space-between" wrap="nowrap">
      <Stack gap={0} miw={0}>
        <PasskeyName passkey={passkey} />
        <Text size="xs" c="dimmed">
          {passkey.used_at ? (
            <>
              used <Ago at={passkey.used_at} />
            </>
          ) : (
            <>
              added <Ago at={passkey.created_at} />
            </>
          )}
          {passkey.backed_up && " · kept by its maker, also for a new device"}
        </Text>
      </Stack>
      <ActionIcon
        variant="default"
        size="lg"
        flex="none"
        aria-label={`Remove the passkey ${passkey.name}`}
        loading={isPending}
        onClick={() => mutate()}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
