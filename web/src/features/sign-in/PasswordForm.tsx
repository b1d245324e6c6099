import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";

interface Props {
  busy: boolean;
  onGive: (given: { email: string; password: string }) => void;
}

/** The first proof: an address and its password. */
export function PasswordForm({ busy, onGive }: Props) {
  const form = useForm({ initialValues: { email: "", password: "" } });
  return (
    <form onSubmit={form.onSubmit(onGive)}>
      <Stack>
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
        <Button type="submit" size="md" loading={busy}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
