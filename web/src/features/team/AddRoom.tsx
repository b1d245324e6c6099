import {
  Box,
  Button,
  Collapse,
  Group,
  Modal,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  type ChannelKind,
  createRoom,
  type NewRoom,
  type TeamOut,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { fieldProblems } from "../../ui/field-problems";
import { Markdown } from "../../ui/Markdown";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import { fieldsOf, filled, initialValues, type Values } from "../../ui/schema";
import { ProveForm } from "./ProveRoom";

interface Props {
  team: TeamOut;
  channels: readonly ChannelKind[];
  onClose: () => void;
}

/** A new room: choose the channel, say where, prove that it is the team's. */
export function AddRoom({ team, channels, onClose }: Props) {
  const [kind, setKind] = useState<string | null>(null);
  const [made, setMade] = useState<NewRoom>();
  const [copied, setCopied] = useState(false);
  const small = useMediaQuery("(max-width: 47.99em)");
  const channel = channels.find((each) => each.kind === kind);
  const next = () => (made?.unverified_since ? setCopied(true) : onClose());
  return (
    <Modal
      opened
      onClose={onClose}
      title="Add a room"
      size="lg"
      fullScreen={small}
      closeOnClickOutside={!made}
    >
      {made?.secret && !copied ? (
        <Secret secret={made.secret} onCopied={next} />
      ) : made ? (
        <ProveForm room={made} onDone={onClose} />
      ) : (
        <Stack>
          <Select
            label="Chat"
            placeholder="Where the team reads"
            data={channels.map(({ kind: value, title, set_up }) => ({
              value,
              label: set_up ? title : `${title} (not set up)`,
              disabled: !set_up,
            }))}
            value={kind}
            onChange={setKind}
            allowDeselect={false}
          />
          {channel && (
            <RoomForm
              key={channel.kind}
              teamId={team.id}
              channel={channel}
              onMade={(room) =>
                room.secret || room.unverified_since ? setMade(room) : onClose()
              }
            />
          )}
        </Stack>
      )}
    </Modal>
  );
}

interface FormProps {
  teamId: string;
  channel: ChannelKind;
  onMade: (room: NewRoom) => void;
}

function RoomForm({ teamId, channel, onMade }: FormProps) {
  const queryClient = useQueryClient();
  const fields = fieldsOf(channel.room_schema ?? {});
  const [name, setName] = useState("");
  const [values, setValues] = useState<Values>(() => initialValues(fields));
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      createRoom({
        body: {
          team_id: teamId,
          channel: channel.kind,
          name: name.trim() || channel.title,
          address: filled(fields, values),
        },
      }),
    meta: { showsErrors: true },
    onSuccess: onMade,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["rooms"] }),
  });
  const problems = fieldProblems(error?.message, fields);
  const add = (event: FormEvent) => {
    event.preventDefault();
    mutate();
  };
  return (
    <form onSubmit={add}>
      <Stack>
        <TextInput
          label="Name"
          description="What the team calls it"
          placeholder={channel.title}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SchemaFields
          fields={fields}
          values={values}
          onChange={setValues}
          errors={problems.fields}
        />
        <Problem text={problems.rest} />
        <HowTo channel={channel} />
        <Group justify="end">
          <Button type="submit" loading={isPending}>
            {channel.verify ? "Add it and post a code" : "Add it"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function HowTo({ channel }: { channel: ChannelKind }) {
  const [opened, { toggle }] = useDisclosure();
  return (
    <Box>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-expanded={opened}
        onClick={toggle}
      >
        How to find it in {channel.title}
      </Button>
      <Collapse expanded={opened}>
        <Box pt="xs">
          <Markdown text={channel.how_to.replace(/^# .*\n+/, "")} />
        </Box>
      </Collapse>
    </Box>
  );
}

interface SecretProps {
  secret: string;
  onCopied: () => void;
}

function Secret({ secret, onCopied }: SecretProps) {
  return (
    <Stack>
      <Text size="sm">
        Every message is signed with this secret, as Standard Webhooks says. It
        is shown only now: copy it to the receiver.
      </Text>
      <CopyField label="the signing secret" value={secret} />
      <Group justify="end">
        <Button onClick={onCopied}>I have copied it</Button>
      </Group>
    </Stack>
  );
}
