import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  askToConfirm,
  type Confirm,
  confirmSession,
  type FactorsOut,
  getMyFactors,
  startProof,
} from "../api/generated";
import { identitiesQuery } from "../identities";
import { useMe } from "../me";
import { Loaded } from "./Loaded";
import { Problem } from "./Problem";
import { passkeyProblem, passkeysWork, usePasskeyFor } from "./passkey";

interface Props {
  onConfirmed: () => void;
}

/** The person proves again who they are, by whatever they have. */
export default function ConfirmItIsYou({ onConfirmed }: Props) {
  const query = useQuery({
    queryKey: ["factors"],
    queryFn: ({ signal }) => getMyFactors({ signal }),
  });
  return (
    <Stack>
      <Text size="sm">
        What you are about to do could harm if somebody else did it. It holds
        for five minutes.
      </Text>
      <Loaded what="What you can confirm with" query={query}>
        {(factors) => <Ways factors={factors} onConfirmed={onConfirmed} />}
      </Loaded>
    </Stack>
  );
}

function Ways({ factors, onConfirmed }: Props & { factors: FactorsOut }) {
  const { mutate, isPending, error } = useMutation({
    mutationFn: (give: () => Promise<Confirm>) =>
      give().then((body) => confirmSession({ body })),
    meta: { showsErrors: true },
    onSuccess: onConfirmed,
  });
  const passkey =
    factors.passkeys.length > 0 && passkeysWork(factors.passkey_host);
  if (!factors.password && !factors.totp && !passkey) return <SignInAgain />;
  return (
    <Stack>
      <Problem text={passkeyProblem(error)} />
      {passkey && (
        <Button
          leftSection={<IconFingerprint size={18} />}
          loading={isPending}
          onClick={() =>
            mutate(async () => ({
              passkey: await usePasskeyFor(await askToConfirm()),
            }))
          }
        >
          Use a passkey
        </Button>
      )}
      {factors.totp && (
        <Typed
          label="Code of your authenticator app"
          busy={isPending}
          onGive={(code) => mutate(async () => ({ code }))}
        />
      )}
      {factors.password && (
        <Typed
          secret
          label="Your password"
          busy={isPending}
          onGive={(password) => mutate(async () => ({ password }))}
        />
      )}
    </Stack>
  );
}

interface TypedProps {
  label: string;
  secret?: boolean;
  busy: boolean;
  onGive: (typed: string) => void;
}

function Typed({ label, secret, busy, onGive }: TypedProps) {
  const me = useMe();
  const [typed, setTyped] = useState("");
  const input = {
    label,
    value: typed,
    onChange: (event: { currentTarget: { value: string } }) =>
      setTyped(event.currentTarget.value),
    required: true,
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onGive(typed);
      }}
    >
      <Stack gap="xs">
        {secret ? (
          <>
            {/* so that password managers know whose it is */}
            <input
              type="text"
              autoComplete="username"
              value={me.email}
              readOnly
              hidden
            />
            <PasswordInput
              {...input}
              autoComplete="current-password"
              visibilityToggleButtonProps={{
                "aria-label": "Show what is typed",
              }}
              data-autofocus
            />
          </>
        ) : (
          <TextInput
            {...input}
            inputMode="numeric"
            autoComplete="one-time-code"
          />
        )}
        <Button
          type="submit"
          variant={secret ? "filled" : "default"}
          loading={busy}
        >
          Confirm
        </Button>
      </Stack>
    </form>
  );
}

function SignInAgain() {
  const here = location.pathname + location.search;
  const query = useQuery(identitiesQuery);
  const { mutate, isPending } = useMutation({
    mutationFn: (provider_id: string) =>
      startProof({ path: { provider_id }, body: { next: here } }),
    onSuccess: ({ continue_at }) =>
      window.location.assign(continue_at ?? "/sign-in"),
  });
  return (
    <Stack>
      <Text size="sm">
        You sign in through your company, so proving it there is the proof.
        Afterwards you are back here: then do it again.
      </Text>
      {query.data?.map(({ id, provider, provider_id }) => (
        <Button
          key={id}
          loading={isPending}
          onClick={() => mutate(provider_id)}
        >
          Prove it at {provider}
        </Button>
      ))}
      <Button
        component="a"
        variant="default"
        href={`/sign-in?next=${encodeURIComponent(here)}`}
      >
        Sign in again
      </Button>
    </Stack>
  );
}
