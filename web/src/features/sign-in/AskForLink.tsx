import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { askForLink } from "../../api/generated";
import { Problem } from "../../ui/Problem";

/** Where the installation offers it: a link by mail instead of a password. */
export function AskForLink() {
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => askForLink({ body: { email } }),
    meta: { showsErrors: true },
  });
  if (isSuccess)
    return (
      <Text size="sm" role="status">
        If this address may sign in by a link, one is on its way. It works once,
        within ten minutes, in this browser.
      </Text>
    );
  if (!open)
    return (
      <Anchor
        component="button"
        type="button"
        size="sm"
        onClick={() => setOpen(true)}
      >
        Send me a link instead
      </Anchor>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack>
        <Problem text={error?.message} />
        <TextInput
          label="Send the link to"
          type="email"
          autoComplete="email"
          autoFocus
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={isPending}>
          Send it
        </Button>
      </Stack>
    </form>
  );
}
