import { Button, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { channelsQuery } from "../../api/channels";
import type { TeamOut } from "../../api/generated";
import { roomsQuery } from "../../api/queries";
import { Loaded } from "../../ui/Loaded";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { AddRoom } from "./AddRoom";
import { RoomRow } from "./RoomRow";

interface Props {
  team: TeamOut;
  mayEdit: boolean;
}

/** Where a team reads together: escalation steps can post there. */
export function Rooms({ team, mayEdit }: Props) {
  const query = useQuery(roomsQuery(team.id));
  const channels = useQuery(channelsQuery).data ?? [];
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title="Rooms"
      action={
        mayEdit && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAdding(true)}
          >
            Add a room
          </Button>
        )
      }
    >
      <Text size="sm" c="dimmed">
        Chats that everybody in the team reads. A step of an escalation policy
        can post there; that pages nobody, so the next step follows all the
        same.
      </Text>
      <Loaded what="The rooms" query={query}>
        {(rooms) =>
          rooms.length === 0 ? (
            <Text size="sm" c="dimmed">
              None yet.
            </Text>
          ) : (
            <Rows label="Rooms">
              {rooms.map((room) => (
                <RoomRow
                  key={room.id}
                  room={room}
                  channel={channels.find(({ kind }) => kind === room.channel)}
                  mayEdit={mayEdit}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {adding && (
        <AddRoom
          team={team}
          channels={channels.filter(({ team_target }) => team_target)}
          onClose={() => setAdding(false)}
        />
      )}
    </Section>
  );
}
