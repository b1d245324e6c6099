import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { channelsQuery } from "../../api/channels";
import {
  type ChannelKind,
  type ChannelSetup,
  deleteChannelConfig,
  putChannelConfig,
} from "../../api/generated";
import { fieldProblems } from "../../ui/field-problems";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { filled, initialValues } from "../../ui/schema";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { toastDone } from "../../ui/toast";
import { configFields } from "./config";

interface Props {
  channel: ChannelKind;
  setup: ChannelSetup;
}

/** The credentials of a channel; secrets go in, and never come back. */
export function ConfigForm({ channel, setup }: Props) {
  const queryClient = useQueryClient();
  const fields = useMemo(() => configFields(setup), [setup]);
  const [values, setValues] = useState(() =>
    initialValues(fields, setup.values),
  );
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      putChannelConfig({
        path: { channel: channel.kind },
        body: { values: filled(fields, values) },
      }),
    meta: { showsErrors: true },
    onSuccess: async () => {
      toastDone(`${channel.title} is set up. Send yourself a test.`);
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey }),
        queryClient.invalidateQueries({ queryKey: ["providers"] }),
      ]);
    },
  });
  const problems = fieldProblems(error?.message, fields);
  return (
    <form
      autoComplete="off"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack>
        <SchemaFields
          fields={fields}
          values={values}
          onChange={setValues}
          errors={problems.fields}
        />
        <Problem text={problems.rest} />
        <Group>
          <Button type="submit" loading={isPending}>
            {setup.source ? "Save the changes" : "Set it up"}
          </Button>
          {setup.source && <Remove channel={channel} />}
        </Group>
      </Stack>
    </form>
  );
}

function Remove({ channel }: { channel: ChannelKind }) {
  const queryClient = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        Forget them…
      </Button>
      <TypedConfirm
        opened={asking}
        onClose={close}
        title={`Forget the credentials of ${channel.title}`}
        action="Forget them"
        name={channel.title}
        run={async () => {
          await deleteChannelConfig({ path: { channel: channel.kind } });
          await queryClient.invalidateQueries({
            queryKey: channelsQuery.queryKey,
          });
        }}
      >
        Nobody is paged there any more: people are reached in their next way.
        Their addresses stay, and work again once it is set up again.
      </TypedConfirm>
    </>
  );
}
