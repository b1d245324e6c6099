import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { acceptInvitation, type Me } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { useSave } from "../../ui/use-save";

const SHORTEST_PASSWORD = 8;

interface Props {
  token: string;
  email: string;
  onAccepted: (me: Me) => Promise<void>;
}

/** Somebody new: a name and a password, and one is in. */
export function AcceptForm({ token, email, onAccepted }: Props) {
  const form = useForm({
    initialValues: { name: "", password: "" },
    validate: {
      name: (name) => (name.trim() ? null : "Others see it when you respond"),
      password: (password) =>
        password.length >= SHORTEST_PASSWORD
          ? null
          : `At least ${SHORTEST_PASSWORD} characters`,
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (values) =>
      acceptInvitation({
        body: {
          ...values,
          token,
          time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
      }),
    stale: [],
    onSaved: onAccepted,
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack>
        <TextInput
          label="E-mail"
          value={email}
          readOnly
          variant="filled"
          size="md"
          autoComplete="username"
        />
        <TextInput
          label="Your name"
          autoComplete="name"
          maxLength={200}
          withAsterisk
          size="md"
          {...form.getInputProps("name")}
        />
        <PasswordInput
          label="A new password"
          description={`At least ${SHORTEST_PASSWORD} characters`}
          autoComplete="new-password"
          withAsterisk
          size="md"
          {...form.getInputProps("password")}
        />
        <Problem text={problem} />
        <Button type="submit" size="md" loading={isPending}>
          Accept and sign in
        </Button>
      </Stack>
    </form>
  );
}
