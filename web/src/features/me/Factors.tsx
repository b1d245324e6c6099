import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconDeviceMobile, IconShieldLock } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type FactorsOut,
  removeTotp,
  renewRecoveryCodes,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { withStepUp } from "../../ui/step-up";
import { toastDone } from "../../ui/toast";
import { AppModal } from "./AppModal";
import { Passkeys } from "./Passkeys";
import { factorsQuery } from "./queries";
import { RecoveryCodesModal } from "./RecoveryCodesModal";

/** What one proves oneself with beside the password. */
export function Factors() {
  const query = useQuery(factorsQuery);
  return (
    <Section title="Second factor and passkeys">
      <Loaded what="What you sign in with" query={query}>
        {(factors) => <Loadeds factors={factors} />}
      </Loaded>
    </Section>
  );
}

function Loadeds({ factors }: { factors: FactorsOut }) {
  const [codes, setCodes] = useState<string[]>([]);
  const any = factors.totp !== null || factors.passkeys.length > 0;
  return (
    <Stack>
      {!any && (
        <Alert icon={<IconShieldLock aria-hidden />} color="blue">
          Whoever learns your password can sign in as you. A passkey or an
          authenticator app keeps them out.
        </Alert>
      )}
      <Passkeys factors={factors} onCodes={setCodes} />
      <App factors={factors} onCodes={setCodes} />
      {any && <Recovery left={factors.recovery_codes} onCodes={setCodes} />}
      {codes.length > 0 && (
        <RecoveryCodesModal codes={codes} onClose={() => setCodes([])} />
      )}
    </Stack>
  );
}

interface PartProps {
  factors: FactorsOut;
  onCodes: (codes: string[]) => void;
}

function App({ factors, onCodes }: PartProps) {
  const queryClient = useQueryClient();
  const [adding, setAdding] = useState(false);
  const { mutate, isPending } = useMutation({
    mutationFn: () => withStepUp(() => removeTotp()),
    onSuccess: () => toastDone("The authenticator app counts no more"),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  const { totp } = factors;
  return (
    <Group justify="space-between" wrap="nowrap">
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={500}>
          Authenticator app
        </Text>
        <Text size="xs" c="dimmed">
          {totp?.used_at ? (
            <>
              used <Ago at={totp.used_at} />
            </>
          ) : (
            "Six digits that change every 30 seconds"
          )}
        </Text>
      </Stack>
      {totp ? (
        <Button
          size="xs"
          flex="none"
          variant="default"
          loading={isPending}
          onClick={() => mutate()}
        >
          Remove
        </Button>
      ) : (
        <Button
          size="xs"
          flex="none"
          variant="default"
          leftSection={<IconDeviceMobile size={16} />}
          onClick={() => setAdding(true)}
        >
          Add an app
        </Button>
      )}
      {adding && (
        <AppModal onClose={() => setAdding(false)} onCodes={onCodes} />
      )}
    </Group>
  );
}

function Recovery({
  left,
  onCodes,
}: {
  left: number;
  onCodes: (codes: string[]) => void;
}) {
  const queryClient = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => withStepUp(() => renewRecoveryCodes()),
    onSuccess: ({ recovery_codes }) => onCodes(recovery_codes),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: factorsQuery.queryKey }),
  });
  return (
    <Group justify="space-between" wrap="nowrap">
      <Stack gap={0} miw={0}>
        <Text size="sm" fw={500}>
          Recovery codes
        </Text>
        <Text size="xs" c={left < 3 ? "red" : "dimmed"}>
          {left} of 10 are left, each for one sign-in without your devices
        </Text>
      </Stack>
      <Button
        size="xs"
        flex="none"
        variant="default"
        loading={isPending}
        onClick={() => mutate()}
      >
        Make new ones
      </Button>
    </Group>
  );
}
