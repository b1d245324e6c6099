import { Alert, Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { putPassword } from "../../api/generated";
import { useMe } from "../../me";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";

/** A new password ends all other sessions. */
export function Password() {
  const me = useMe();
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { current: "", new: "" } });
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: { current: string; new: string }) =>
      putPassword({ body }),
    meta: { showsErrors: true },
    onSuccess: () => {
      form.reset();
      toastDone("The password is changed; every other browser is signed out");
      return queryClient.invalidateQueries({ queryKey: ["sessions"] });
    },
  });
  return (
    <Section title="Password">
      <form onSubmit={form.onSubmit((values) => mutate(values))}>
        <Stack maw={420}>
          {error && (
            <Alert role="alert" color="red" icon={<IconAlertTriangle />}>
              {error.message}
            </Alert>
          )}
          {/* so that password managers know whose it is */}
          <input
            type="hidden"
            name="username"
            autoComplete="username"
            value={me.email}
            readOnly
          />
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            {...form.getInputProps("current")}
          />
          <PasswordInput
            label="New password"
            description="At least 8 characters"
            autoComplete="new-password"
            required
            minLength={8}
            maxLength={256}
            {...form.getInputProps("new")}
          />
          <Group>
            <Button type="submit" variant="default" loading={isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
