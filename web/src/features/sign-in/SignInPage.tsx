import {
  Alert,
  Anchor,
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDocumentTitle } from "@mantine/hooks";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { signIn } from "../../api/generated";
import { meQuery } from "../../me";
import { DemoPeople } from "./DemoPeople";

/** Only an address of this app: never another site's. */
function ownAddress(next: string | undefined): string {
  return next?.startsWith("/") && !/^\/[/\\]/.test(next) ? next : "/incidents";
}

export function SignInPage() {
  useDocumentTitle("Sign in · PageFree");
  const { next } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { email: "", password: "" } });
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: { email: string; password: string }) => signIn({ body }),
    meta: { showsErrors: true },
    onSuccess: async (me) => {
      queryClient.setQueryData(meQuery.queryKey, me);
      await navigate({ href: ownAddress(next), replace: true });
    },
  });

  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={380} gap="md">
        <Group gap="sm" justify="center">
          <img src="/favicon.svg" alt="" width={36} height={36} />
          <Title order={1}>PageFree</Title>
        </Group>
        <Paper withBorder p="lg" radius="lg">
          <form onSubmit={form.onSubmit((values) => mutate(values))}>
            <Stack>
              {error && (
                <Alert role="alert" color="red" icon={<IconAlertTriangle />}>
                  {error.message}
                </Alert>
              )}
              <TextInput
                label="E-mail"
                type="email"
                autoComplete="username"
                autoFocus
                required
                size="md"
                {...form.getInputProps("email")}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                visibilityToggleButtonProps={{
                  "aria-label": "Show what is typed",
                }}
                required
                size="md"
                {...form.getInputProps("password")}
              />
              <Button type="submit" size="md" loading={isPending}>
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
        <DemoPeople
          onPick={({ email, password }) => mutate({ email, password })}
        />
        <Text size="xs" c="dimmed" ta="center">
          No account? Ask the person who runs this PageFree.{" "}
          <Anchor href="/api/docs" size="xs">
            API
          </Anchor>
        </Text>
      </Stack>
    </Center>
  );
}
