import { Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import type { ChannelKind } from "../../api/generated";
import { useMe } from "../../me";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import classes from "./ChannelChoice.module.css";

interface Props {
  channels: readonly ChannelKind[];
  onPick: (kind: string) => void;
}

/** The ways to be reached; those that nobody has set up say so, and whom to ask. */
export function ChannelChoice({ channels, onPick }: Props) {
  const ready = channels.filter(({ set_up }) => set_up);
  const missing = channels.filter(({ set_up }) => !set_up);
  return (
    <Stack>
      <Rows label="Channels">
        {ready.map(({ kind, title, summary }) => (
          <Row
            key={kind}
            main={
              <UnstyledButton
                className={classes.choice}
                onClick={() => onPick(kind)}
              >
                <span>
                  <Text size="sm" fw={600}>
                    {title}
                  </Text>
                  <Text size="sm" c="dimmed">
                    {summary}
                  </Text>
                </span>
                <IconChevronRight size={18} aria-hidden />
              </UnstyledButton>
            }
          />
        ))}
      </Rows>
      {missing.length > 0 && <NotSetUp channels={missing} />}
    </Stack>
  );
}

function NotSetUp({ channels }: Pick<Props, "channels">) {
  const { platform_admin: admin } = useMe();
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {admin
          ? "Nobody has set these up yet. You may."
          : "Nobody has set these up yet. Ask a platform admin: under “Channels” it says how."}
      </Text>
      <Rows label="Not set up">
        {channels.map(({ kind, title, summary }) => (
          <Row
            key={kind}
            main={
              <>
                <Text size="sm" fw={600}>
                  {title}
                </Text>
                <Text size="sm" c="dimmed">
                  {summary}
                </Text>
              </>
            }
            side={
              admin && (
                <TextLink to="/channels/$kind" params={{ kind }} size="sm">
                  Set it up
                </TextLink>
              )
            }
          />
        ))}
      </Rows>
    </Stack>
  );
}
