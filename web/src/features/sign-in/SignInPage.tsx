import { Button, Divider } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import {
  askForPasskey,
  getSignInWays,
  giveSecondFactor,
  signIn,
  signInWithPasskey,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { passkeyProblem, passkeysWork, usePasskeyFor } from "../../ui/passkey";
import { AskForLink } from "./AskForLink";
import { DemoPeople } from "./DemoPeople";
import { Door } from "./Door";
import { PasswordForm } from "./PasswordForm";
import { Providers } from "./Providers";
import { problemText } from "./problems";
import { SecondFactorForm } from "./SecondFactorForm";
import { useSignIn } from "./use-sign-in";

const waysQuery = queryOptions({
  queryKey: ["sign-in-ways"],
  queryFn: ({ signal }) => getSignInWays({ signal }),
  retry: false,
});

export function SignInPage() {
  const { next, problem } = useSearch({ from: "/sign-in" });
  const ways = useQuery(waysQuery).data;
  const { give, isPending, error, step, beginAgain } = useSignIn(next);
  const passkeys = passkeysWork(ways?.passkey_host);
  if (step)
    return (
      <Door>
        <Problem text={passkeyProblem(error)} />
        <SecondFactorForm
          step={step}
          busy={isPending}
          passkeys={passkeys}
          onGive={(proof) =>
            give(async () => giveSecondFactor({ body: await proof() }))
          }
          onBack={beginAgain}
        />
      </Door>
    );
  return (
    <Door
      below={
        <DemoPeople
          onPick={({ email, password }) =>
            give(() => signIn({ body: { email, password } }))
          }
        />
      }
    >
      <Problem text={passkeyProblem(error) ?? problemText(problem)} />
      <Providers next={next} divided />
      <PasswordForm
        busy={isPending}
        onGive={(body) => give(() => signIn({ body }))}
      />
      {passkeys && (
        <>
          <Divider label="or" />
          <Button
            size="md"
            variant="default"
            leftSection={<IconFingerprint size={18} />}
            disabled={isPending}
            onClick={() =>
              give(async () =>
                signInWithPasskey({
                  body: await usePasskeyFor(await askForPasskey()),
                }),
              )
            }
          >
            Sign in with a passkey
          </Button>
        </>
      )}
      {ways?.magic_links && <AskForLink />}
    </Door>
  );
}
