import { Box, Button, Collapse, Group, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  type ChannelKind,
  createRoom,
  type NewRoom,
  type Room,
  updateRoom,
} from "../../api/generated";
import { fieldProblems } from "../../ui/field-problems";
import { Markdown } from "../../ui/Markdown";
import { Problem } from "../../ui/Problem";
import { SchemaFields } from "../../ui/SchemaFields";
import {
  type Field,
  fieldsOf,
  filled,
  initialValues,
  type Values,
} from "../../ui/schema";

interface Props {
  teamId: string;
  channel: ChannelKind;
  /** the one to change; none: a new one */
  room?: Room;
  onSaved: (room: Room | NewRoom) => void;
}

/** What a room is called, and where it is; each channel says itself what it needs to know. */
export function RoomForm({ teamId, channel, room, onSaved }: Props) {
  const queryClient = useQueryClient();
  const fields = fieldsOf(channel.room_schema ?? {});
  const [name, setName] = useState(room?.name ?? "");
  const [values, setValues] = useState<Values>(() => ({
    ...initialValues(fields),
    ...knownOf(room, fields),
  }));
  const { mutate, isPending, error } = useMutation({
    mutationFn: (): Promise<Room | NewRoom> => {
      const body = {
        name: name.trim() || channel.title,
        address: filled(fields, values),
      };
      return room
        ? updateRoom({ path: { room_id: room.id }, body })
        : createRoom({
            body: { ...body, team_id: teamId, channel: channel.kind },
          });
    },
    meta: { showsErrors: true },
    onSuccess: onSaved,
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
            {room
              ? "Save the room"
              : channel.verify
                ? "Add it and post a code"
                : "Add it"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What of an address the form can show. */
function knownOf(room: Room | undefined, fields: readonly Field[]): Values {
  const known: Values = {};
  for (const { name } of fields) {
    const value: unknown = room?.address?.[name];
    if (typeof value === "string" || typeof value === "boolean")
      known[name] = value;
    if (typeof value === "number") known[name] = String(value);
  }
  return known;
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
