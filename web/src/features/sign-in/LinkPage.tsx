import { Button, Text } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import { giveSecondFactor, signInWithLink } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { passkeyProblem, passkeysWork } from "../../ui/passkey";
import { Door } from "./Door";
import { SecondFactorForm } from "./SecondFactorForm";
import { useSignIn } from "./use-sign-in";

/** Where a mailed link leads: opening it changes nothing, the button does. */
export function LinkPage() {
  const token = useLocation({ select: ({ hash }) => hash.replace(/^#/, "") });
  const { give, isPending, error, step, beginAgain } = useSignIn(undefined);
  return (
    <Door>
      <Problem text={passkeyProblem(error)} />
      {step ? (
        <SecondFactorForm
          step={step}
          busy={isPending}
          passkeys={passkeysWork(location.hostname)}
          onGive={(proof) =>
            give(async () => giveSecondFactor({ body: await proof() }))
          }
          onBack={beginAgain}
        />
      ) : (
        <>
          <Text size="sm">
            This link signs you in, once, in the browser in which it was asked
            for.
          </Text>
          <Button
            size="md"
            loading={isPending}
            disabled={token === ""}
            onClick={() => give(() => signInWithLink({ body: { token } }))}
          >
            Sign in
          </Button>
        </>
      )}
    </Door>
  );
}
