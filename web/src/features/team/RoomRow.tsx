import { ActionIcon, Button, Menu, Modal, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import type { ChannelKind, Room } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Row } from "../../ui/Rows";
import { SentFate } from "../../ui/SentFate";
import { StateLabel } from "../../ui/StateLabel";
import { ProveRoom } from "./ProveRoom";
import { RoomForm } from "./RoomForm";
import { roomState } from "./room-state";
import { useRoom } from "./use-room";

interface Props {
  room: Room;
  channel: ChannelKind | undefined;
  mayEdit: boolean;
}

/** One room: does it work, prove it, try it, switch it off, remove it. */
export function RoomRow({ room, channel, mayEdit }: Props) {
  const { test, change, remove } = useRoom(room);
  const [proving, setProving] = useState(false);
  const [changing, setChanging] = useState(false);
  const { why, ...state } = roomState(room, channel);
  return (
    <Row
      main={
        <>
          <Text size="sm" fw={600}>
            {room.name}
          </Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {channel?.title ?? room.channel} · {room.recipient}
          </Text>
          {why && <Text size="sm">{why}</Text>}
          {room.proven_at && (
            <Text size="sm" c="dimmed">
              Last proof: <Ago at={room.proven_at} />
            </Text>
          )}
          {test.data && (
            <SentFate
              key={test.data.notificationId}
              sent={test.data}
              what="The test"
            />
          )}
          {changing && channel && (
            <Modal
              opened
              onClose={() => setChanging(false)}
              title={`Change ${room.name}`}
              size="lg"
            >
              <RoomForm
                teamId={room.team.id}
                channel={channel}
                room={room}
                onSaved={() => setChanging(false)}
              />
            </Modal>
          )}
          {proving && (
            <ProveRoom room={room} onClose={() => setProving(false)} />
          )}
        </>
      }
      side={
        <>
          <StateLabel {...state} />
          {mayEdit &&
            (room.disabled_at ? (
              <Button
                size="xs"
                loading={change.isPending}
                onClick={() => change.mutate({ disabled: false })}
              >
                Use it again
              </Button>
            ) : room.unverified_since ? (
              <Button
                size="xs"
                disabled={channel?.set_up === false}
                onClick={() => setProving(true)}
              >
                Prove it
              </Button>
            ) : (
              <Button
                size="xs"
                variant="default"
                loading={test.isPending}
                disabled={channel?.set_up === false}
                onClick={() => test.mutate()}
              >
                Post a test
              </Button>
            ))}
          {mayEdit && (
            <More
              room={room}
              onChange={channel && (() => setChanging(true))}
              onStop={() => change.mutate({ disabled: true })}
              onRemove={() => remove.mutate()}
            />
          )}
        </>
      }
    />
  );
}

interface MoreProps {
  room: Room;
  onChange: (() => void) | undefined;
  onStop: () => void;
  onRemove: () => void;
}

function More({ room, onChange, onStop, onRemove }: MoreProps) {
  const confirmRemoval = () =>
    modals.openConfirmModal({
      title: `Remove ${room.name}?`,
      children: (
        <Text size="sm">
          Nothing is posted there any more. It can only go once no escalation
          policy posts in it.
        </Text>
      ),
      labels: { confirm: "Remove it", cancel: "Keep it" },
      confirmProps: { color: "red.8" },
      onConfirm: onRemove,
    });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={`More of ${room.name}`}
        >
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {onChange && <Menu.Item onClick={onChange}>Change…</Menu.Item>}
        {!room.disabled_at && (
          <Menu.Item onClick={onStop}>Stop using it</Menu.Item>
        )}
        <Menu.Item onClick={confirmRemoval}>Remove…</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
