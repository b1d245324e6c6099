import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import type { ChannelKind, NewRoom, TeamOut } from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { ProveForm } from "./ProveRoom";
import { RoomForm } from "./RoomForm";

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
              onSaved={(room) =>
                "secret" in room && (room.secret || room.unverified_since)
                  ? setMade(room)
                  : onClose()
              }
            />
          )}
        </Stack>
      )}
    </Modal>
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
