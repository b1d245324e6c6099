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

const TIMES_SHOWN = 3;
const LOOK = {
  error: { color: "red", icon: IconAlertTriangle },
  warning: { color: "yellow", icon: IconAlertTriangle },
  info: { color: "blue", icon: IconInfoCircle },
} as const;

/** What is wrong with a schedule, the worst first; what is wrong again and again is said once. */
export function Findings({ findings, onShow }: Props) {
  if (findings.length === 0)
    return (
      <StateLabel
        tone="teal"
        icon={IconCircleCheck}
        word="Nothing to complain of"
      />
    );
  const details = [...new Set(findings.map(({ detail }) => detail))];
  return (
    <Stack gap={6} role="list" aria-label="Findings">
      {details.map((detail) => {
        const found = findings.filter((each) => each.detail === detail);
        const severity = found[0]?.severity ?? "info";
        const { color, icon: Mark } = LOOK[severity];
        return (
          <Alert
            key={detail}
            role="listitem"
            color={color}
            variant="light"
            p="xs"
            icon={<Mark size={16} aria-label={severity} />}
          >
            <Text size="sm">{capital(detail)}</Text>
            <Times findings={found} onShow={onShow} />
          </Alert>
        );
      })}
    </Stack>
  );
}

function Times({ findings, onShow }: Props) {
  const more = findings.length - TIMES_SHOWN;
  return (
    <>
      {findings.slice(0, TIMES_SHOWN).map(({ start, end }) =>
        start && end ? (
          <Group key={start} gap="xs">
            <Text size="xs">
              <At at={start} /> to <At at={end} />
            </Text>
            {onShow && (
              <Anchor
                component="button"
                type="button"
                size="xs"
                c="inherit"
                td="underline"
                onClick={() => onShow(Date.parse(start))}
              >
                Show
              </Anchor>
            )}
          </Group>
        ) : null,
      )}
      {more > 0 && <Text size="xs">and {more} more times</Text>}
    </>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
