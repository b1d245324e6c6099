import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  endOtherSessions,
  endSession,
  type Factor,
  type SessionOut,
  type SignInWay,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { sessionsQuery } from "./queries";

const WAYS: Record<SignInWay, string> = {
  password: "password",
  passkey: "passkey",
  oidc: "company sign-in",
  magic_link: "link by mail",
};

const FACTORS: Record<Factor, string> = {
  totp: "app",
  passkey: "passkey",
  recovery_code: "recovery code",
};

/** "password + app" */
function signedIn({ signed_in_by, second_factor }: SessionOut): string {
  if (!signed_in_by) return "signed in";
  const second = second_factor ? ` + ${FACTORS[second_factor]}` : "";
  return WAYS[signed_in_by] + second;
}

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where one is signed in. */
export function Sessions() {
  const queryClient = useQueryClient();
  const query = useQuery(sessionsQuery);
  const { mutate, isPending } = useMutation({
    // without an id: all but this one
    mutationFn: (id: string | undefined) =>
      id === undefined
        ? endOtherSessions()
        : endSession({ path: { session_id: id } }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  return (
    <Section title="Where you are signed in">
      <Loaded what="Your sessions" query={query}>
        {(sessions) => (
          <Stack gap="sm">
            {sessions.map((session) => (
              <Group key={session.id} justify="space-between" wrap="nowrap">
                <Stack gap={0} miw={0}>
                  <Group gap="xs">
                    <Text size="sm" fw={500} title={session.user_agent}>
                      {capital(session.browser)}
                    </Text>
                    {session.current && (
                      <Badge variant="light" size="sm">
                        This one
                      </Badge>
                    )}
                  </Group>
                  <Text size="xs" c="dimmed">
                    {session.address} · {signedIn(session)} · used{" "}
                    <Ago at={session.seen_at} />
                  </Text>
                </Stack>
                {!session.current && (
                  <Button
                    size="xs"
                    flex="none"
                    variant="default"
                    disabled={isPending}
                    onClick={() => mutate(session.id)}
                  >
                    Sign out there
                  </Button>
                )}
              </Group>
            ))}
            {sessions.length > 1 && (
              <Group>
                <Button
                  variant="default"
                  disabled={isPending}
                  onClick={() => mutate(undefined)}
                >
                  Sign out everywhere else
                </Button>
              </Group>
            )}
          </Stack>
        )}
      </Loaded>
    </Section>
  );
}
