import { Box, Button, Collapse, Group, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { methodsQuery } from "../../api/channels";
import { ApiError } from "../../api/errors";
import {
  type ChannelKind,
  createContactMethod,
  type NewContactMethodOut,
} from "../../api/generated";
import { fieldProblems } from "../../ui/field-problems";
import { Markdown } from "../../ui/Markdown";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { fieldsOf, filled, initialValues, type Values } from "../../ui/schema";
import { putInRules } from "./put-in-rules";
import { rulesQuery } from "./queries";

interface Props {
  userId: string;
  channel: ChannelKind;
  onMade: (method: NewContactMethodOut) => void;
}

/** An address; each channel says itself what it needs to know. */
export function AddressForm({ userId, channel, onMade }: Props) {
  const queryClient = useQueryClient();
  const fields = useMemo(() => fieldsOf(channel.address_schema), [channel]);
  const [label, setLabel] = useState("");
  const [values, setValues] = useState<Values>(() => initialValues(fields));
  const { mutate, isPending, error } = useMutation({
    mutationFn: async () => {
      const made = await createContactMethod({
        path: { user_id: userId },
        body: {
          channel: channel.kind,
          label: label.trim() || channel.title,
          address: filled(fields, values),
        },
      });
      await putInRules(userId, made.id);
      return made;
    },
    meta: { showsErrors: true },
    onSuccess: onMade,
    onSettled: () =>
      Promise.all(
        [methodsQuery(userId), rulesQuery(userId)].map(({ queryKey }) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      ),
  });
  const problems = fieldProblems(error?.message, fields);
  const byPath = error instanceof ApiError ? error.fields : {};
  const add = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={add}>
      <Stack>
        <SchemaFields
          fields={fields}
          values={values}
          onChange={setValues}
          errors={{ ...problems.fields, ...withoutPath(byPath) }}
        />
        <TextInput
          label="Label"
          description="What you call it"
          placeholder={channel.title}
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Problem text={problems.rest} />
        <HowTo channel={channel} />
        <Group justify="end">
          <Button type="submit" loading={isPending}>
            {channel.verify === "code" ? "Add it and send a code" : "Add it"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** "address.url" is the field `url` of this form. */
function withoutPath(errors: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(errors).map(([path, text]) => [
      path.replace(/^address\./, ""),
      text,
    ]),
  );
}

function HowTo({ channel }: { channel: ChannelKind }) {
  const [opened, { toggle }] = useDisclosure();
  // where admins set something up, the text is for them
  if (channel.setup || channel.kind === "email") return null;
  return (
    <Box>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-expanded={opened}
        onClick={toggle}
      >
        How to get there in {channel.title}
      </Button>
      <Collapse expanded={opened}>
        <Box pt="xs">
          <Markdown text={channel.how_to.replace(/^# .*\n+/, "")} />
        </Box>
      </Collapse>
    </Box>
  );
}
