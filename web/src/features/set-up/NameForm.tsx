import { Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Problem } from "../../ui/Problem";
import { useSave } from "../../ui/use-save";

interface Props<Made> {
  label: string;
  name: string;
  /** the verb on the button */
  action: string;
  send: (name: string) => Promise<Made>;
  stale: readonly QueryKey[];
  onMade: (made: Made) => unknown;
  onSkip?: () => void;
  /** what it will be */
  children: ReactNode;
}

/** One thing, made of its name: everything else can be changed later. */
export function NameForm<Made>(props: Props<Made>) {
  const form = useForm({
    initialValues: { name: props.name },
    validate: { name: (name) => (name.trim() ? null : "It needs a name") },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ name }) => props.send(name),
    stale: [["set-up"], ["first-steps"], ...props.stale],
    onSaved: props.onMade,
  });
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack gap="sm">
        {props.children}
        <TextInput
          label={props.label}
          maxLength={200}
          maw={420}
          {...form.getInputProps("name")}
        />
        <Problem text={problem} />
        <Group gap="xs">
          <Button type="submit" loading={isPending}>
            {props.action}
          </Button>
          {props.onSkip && <SkipButton onSkip={props.onSkip} />}
        </Group>
      </Stack>
    </form>
  );
}

/** Leave a step for later. */
export function SkipButton({ onSkip }: { onSkip: () => void }) {
  return (
    <Button variant="subtle" color="gray" onClick={onSkip}>
      Skip this
    </Button>
  );
}
