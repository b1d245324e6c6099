import { Alert, Anchor, Group, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconInfoCircle,
} from "@tabler/icons-react";
import type { Finding } from "../../api/generated";
import { At } from "../../ui/Ago";
import { StateLabel } from "../../ui/StateLabel";

interface Props {
  findings: readonly Finding[];
  /** show the day of a finding; none: there is nowhere to go */
  onShow?: (at: number) => void;
}

const SHOWN = 5;
const LOOK = {
  error: { color: "red", icon: IconAlertTriangle },
  warning: { color: "yellow", icon: IconAlertTriangle },
  info: { color: "blue", icon: IconInfoCircle },
} as const;

/** What is wrong with a schedule, the worst first. */
export function Findings({ findings, onShow }: Props) {
  if (findings.length === 0)
    return (
      <StateLabel
        tone="teal"
        icon={IconCircleCheck}
        word="Nothing to complain of"
      />
    );
  return (
    <Stack gap={6} role="list" aria-label="Findings">
      {findings.slice(0, SHOWN).map((finding) => {
        const { color, icon: Mark } = LOOK[finding.severity];
        return (
          <Alert
            key={`${finding.code} ${finding.start} ${finding.user?.id} ${finding.layer_id}`}
            role="listitem"
            color={color}
            variant="light"
            p="xs"
            icon={<Mark size={16} aria-label={finding.severity} />}
          >
            <Text size="sm">{capital(finding.detail)}</Text>
            {finding.start && finding.end && (
              <When start={finding.start} end={finding.end} onShow={onShow} />
            )}
          </Alert>
        );
      })}
      {findings.length > SHOWN && (
        <Text size="sm" c="dimmed">
          and {findings.length - SHOWN} more
        </Text>
      )}
    </Stack>
  );
}

interface WhenProps extends Pick<Props, "onShow"> {
  start: string;
  end: string;
}

function When({ start, end, onShow }: WhenProps) {
  return (
    <Group gap="xs">
      <Text size="xs">
        <At at={start} /> to <At at={end} />
      </Text>
      {onShow && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          onClick={() => onShow(Date.parse(start))}
        >
          Show
        </Anchor>
      )}
    </Group>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
