import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import type { ChannelKind, NewContactMethodOut } from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { useSmall } from "../../ui/small";
import { AddressForm } from "./AddressForm";
import { ChannelChoice } from "./ChannelChoice";
import { LinkForm } from "./LinkForm";
import { VerifyForm } from "./VerifyForm";

interface Props {
  userId: string;
  channels: readonly ChannelKind[];
  /** of the channel to begin with; none: choose */
  first?: string;
  onClose: () => void;
}

/** A new address: choose the channel, say where, prove that it is one's own. */
export function AddMethodModal({ userId, channels, first, onClose }: Props) {
  const [kind, setKind] = useState(first);
  const [made, setMade] = useState<NewContactMethodOut>();
  const [copied, setCopied] = useState(false);
  const small = useSmall();
  const channel = channels.find((each) => each.kind === kind && each.set_up);
  const title = channel ? `Add ${channel.title}` : "Add a contact method";
  const content = () => {
    if (!channel) return <ChannelChoice channels={channels} onPick={setKind} />;
    if (made?.secret && !copied)
      return (
        <Secret
          secret={made.secret}
          onCopied={() => (made.unverified_since ? setCopied(true) : onClose())}
        />
      );
    if (made)
      return <VerifyForm userId={userId} method={made} onDone={onClose} />;
    return (
      <Stack>
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconArrowLeft size={16} />}
            onClick={() => setKind(undefined)}
          >
            All channels
          </Button>
        </Group>
        {channel.verify === "handshake" ? (
          <LinkForm userId={userId} channel={channel} onDone={onClose} />
        ) : (
          <AddressForm
            key={channel.kind}
            userId={userId}
            channel={channel}
            onMade={(method) =>
              method.secret || method.unverified_since
                ? setMade(method)
                : onClose()
            }
          />
        )}
      </Stack>
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      fullScreen={small}
      // a code or a secret is not lost by a slip of the hand
      closeOnClickOutside={!made}
    >
      {content()}
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
