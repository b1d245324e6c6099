import { Button, Container, Group, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { meQuery } from "../../me";
import { signOut } from "../../sign-out";
import { Factors } from "./Factors";
import { factorsQuery } from "./queries";

/** Nothing else opens: everybody here needs a second factor, and this person has none yet. */
export function SecondFactorPage() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { data: factors } = useQuery(factorsQuery);
  const has =
    factors !== undefined &&
    (factors.totp !== null || factors.passkeys.length > 0);
  const goOn = useMutation({
    mutationFn: () =>
      queryClient.fetchQuery({ ...meQuery, staleTime: 0, retry: false }),
    onSuccess: (me) => {
      if (!me.enrolling) void navigate({ to: "/incidents" });
    },
  });
  const leave = useMutation({ mutationFn: signOut });
  return (
    <Container size="sm" py="xl" component="main">
      <Stack gap="lg">
        <Stack gap="xs">
          <Title order={1} size="h2">
            One more step: a second factor
          </Title>
          <Text c="dimmed">
            Everybody here signs in with more than a password. Add an
            authenticator app or a passkey, keep the recovery codes, and go on.
          </Text>
        </Stack>
        <Factors />
        <Group>
          <Button
            disabled={!has}
            loading={goOn.isPending}
            onClick={() => goOn.mutate()}
          >
            Go on
          </Button>
          <Button
            variant="default"
            loading={leave.isPending}
            onClick={() => leave.mutate()}
          >
            Sign out
          </Button>
        </Group>
      </Stack>
    </Container>
  );
}
