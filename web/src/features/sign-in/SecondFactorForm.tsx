import { Anchor, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import {
  askForSecondFactor,
  type Factor,
  type SecondFactor,
  type SecondStep,
} from "../../api/generated";
import { usePasskeyFor } from "../../ui/passkey";

interface Props {
  step: SecondStep;
  busy: boolean;
  passkeys: boolean;
  onGive: (give: () => Promise<SecondFactor>) => void;
  onBack: () => void;
}

const WORDS: Record<Exclude<Factor, "passkey">, [string, string]> = {
  totp: ["Code of your authenticator app", "Use the app instead"],
  recovery_code: ["Recovery code", "Use a recovery code instead"],
};

/** The second proof: whatever of it the person has. */
export function SecondFactorForm(props: Props) {
  const { step, busy, onGive, onBack } = props;
  const passkey = props.passkeys && step.factors.includes("passkey");
  const typed = (["totp", "recovery_code"] as const).filter((one) =>
    step.factors.includes(one),
  );
  const [chosen, setChosen] = useState(typed[0]);
  const [text, setText] = useState("");
  return (
    <Stack>
      <Text size="sm">One more proof that it is you.</Text>
      {passkey && (
        <Button
          size="md"
          leftSection={<IconFingerprint size={18} />}
          loading={busy}
          onClick={() =>
            onGive(async () => ({
              passkey: await usePasskeyFor(await askForSecondFactor()),
            }))
          }
        >
          Use a passkey
        </Button>
      )}
      {chosen && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onGive(async () =>
              chosen === "totp" ? { code: text } : { recovery_code: text },
            );
          }}
        >
          <Stack>
            <TextInput
              key={chosen}
              label={WORDS[chosen][0]}
              size="md"
              required
              autoFocus={!passkey}
              inputMode={chosen === "totp" ? "numeric" : "text"}
              autoComplete={chosen === "totp" ? "one-time-code" : "off"}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button
              type="submit"
              size="md"
              variant={passkey ? "default" : "filled"}
              loading={busy}
            >
              Sign in
            </Button>
          </Stack>
        </form>
      )}
      <Group justify="space-between">
        <Anchor component="button" type="button" size="sm" onClick={onBack}>
          Begin again
        </Anchor>
        {typed
          .filter((one) => one !== chosen)
          .map((one) => (
            <Anchor
              key={one}
              component="button"
              type="button"
              size="sm"
              onClick={() => {
                setChosen(one);
                setText("");
              }}
            >
              {WORDS[one][1]}
            </Anchor>
          ))}
      </Group>
    </Stack>
  );
}
