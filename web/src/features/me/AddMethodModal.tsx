import {
  Alert,
  Button,
  Group,
  Modal,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { ApiError } from "../../api/errors";
import {
  type ChannelKind,
  createContactMethod,
  type NewContactMethodOut,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { SchemaFields } from "../../ui/SchemaFields";
import { fieldsOf, filled, initialValues, type Values } from "../../ui/schema";
import { methodsQuery } from "./queries";

interface Props {
  userId: string;
  channels: readonly ChannelKind[];
  onClose: () => void;
}

/** A new address; each channel says itself what it needs to know. */
export function AddMethodModal({ userId, channels, onClose }: Props) {
  const [kind, setKind] = useState(channels[0]?.kind ?? "");
  const [made, setMade] = useState<NewContactMethodOut>();
  const channel = channels.find((each) => each.kind === kind);
  return (
    <Modal opened onClose={onClose} title="Add a contact method">
      {made?.secret ? (
        <Secret secret={made.secret} onClose={onClose} />
      ) : (
        <Stack>
          <SegmentedControl
            aria-label="Kind"
            data={channels.map((each) => ({
              value: each.kind,
              label: each.title,
            }))}
            value={kind}
            onChange={setKind}
          />
          {channel && (
            <AddressForm
              key={kind}
              userId={userId}
              channel={channel}
              onMade={(method) => (method.secret ? setMade(method) : onClose())}
            />
          )}
        </Stack>
      )}
    </Modal>
  );
}

interface FormProps {
  userId: string;
  channel: ChannelKind;
  onMade: (method: NewContactMethodOut) => void;
}

function AddressForm({ userId, channel, onMade }: FormProps) {
  const queryClient = useQueryClient();
  const fields = useMemo(() => fieldsOf(channel.address_schema), [channel]);
  const [label, setLabel] = useState("");
  const [values, setValues] = useState<Values>(() => initialValues(fields));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      createContactMethod({
        path: { user_id: userId },
        body: {
          channel: channel.kind,
          label: label.trim() || channel.title,
          address: filled(fields, values),
        },
      }),
    meta: { showsErrors: true },
    onSuccess: (method) => {
      void queryClient.invalidateQueries({
        queryKey: methodsQuery(userId).queryKey,
      });
      onMade(method);
    },
  });
  const problems = error instanceof ApiError ? error.fields : {};
  const errors = Object.fromEntries(
    fields.flatMap(({ name }) => {
      const problem = problems[`address.${name}`] ?? problems[name];
      return problem ? [[name, problem]] : [];
    }),
  );
  const add = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={add}>
      <Stack>
        {error && (
          <Alert role="alert" color="red" icon={<IconAlertTriangle />}>
            {error.message}
          </Alert>
        )}
        <SchemaFields
          fields={fields}
          values={values}
          onChange={setValues}
          errors={errors}
        />
        <TextInput
          label="Label"
          description="What you call it"
          placeholder={channel.title}
          maxLength={100}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Group justify="end">
          <Button type="submit" loading={isPending}>
            Add it
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack>
      <Text size="sm">
        Every message is signed with this secret, as Standard Webhooks says. It
        is shown only now: copy it to the receiver.
      </Text>
      <CopyField label="the signing secret" value={secret} />
      <Group justify="end">
        <Button onClick={onClose}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
