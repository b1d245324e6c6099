import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteStatusPagePassword,
  putStatusPagePassword,
  type StatusPage,
} from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";

const SHORTEST = 8;

/** The password that opens a private page. */
export function PagePassword({ page }: { page: StatusPage }) {
  const queryClient = useQueryClient();
  const path = { page_id: page.id };
  const form = useForm({
    initialValues: { password: "" },
    validate: {
      password: (text) =>
        text.length >= SHORTEST ? null : `At least ${SHORTEST} characters`,
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) => putStatusPagePassword({ path, body }),
    stale: [["status-pages"]],
    onSaved: () => {
      form.reset();
      toastDone("The password opens the page from now on");
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteStatusPagePassword({ path }),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: ["status-pages"] }),
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack gap="xs">
        <PasswordInput
          label={page.has_password ? "Another password" : "Password"}
          description={
            page.has_password
              ? "It has one. A new one ends every visit by the old one"
              : "One for all; to tell visitors apart, give each a token"
          }
          autoComplete="new-password"
          {...form.getInputProps("password")}
        />
        <Problem text={problem} />
        <Group gap="xs">
          <Button type="submit" variant="default" loading={isPending}>
            {page.has_password ? "Change the password" : "Set the password"}
          </Button>
          {page.has_password && (
            <Button
              variant="subtle"
              loading={remove.isPending}
              onClick={() => remove.mutate()}
            >
              Take it away
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
