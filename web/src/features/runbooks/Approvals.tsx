import { Text } from "@mantine/core";
import { IconCircleCheck, IconClockX, IconX } from "@tabler/icons-react";
import type { VersionOut } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { useNow } from "../../ui/now";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";

/** Who has said yes to this content, and for how long that counts. */
export function Approvals({ version }: { version: VersionOut }) {
  const now = useNow(60);
  const { approvals, approvals_needed: needed } = version;
  const counting = approvals.filter(
    ({ revoked_at, expires_at }) => !revoked_at && Date.parse(expires_at) > now,
  );
  return (
    <Section title={`Approvals: ${counting.length} of ${needed}`}>
      {approvals.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <Rows label="Approvals">
          {approvals.map((each) => (
            <Row
              key={each.at}
              main={
                <>
                  <Text size="sm" fw={600}>
                    {each.approver.name}
                  </Text>
                  <Text size="sm" c="dimmed">
                    <Ago at={each.at} />
                    {each.comment && `: ${each.comment}`}
                  </Text>
                </>
              }
              side={
                each.revoked_at ? (
                  <StateLabel tone="gray" icon={IconX} word="Counts no more" />
                ) : Date.parse(each.expires_at) > now ? (
                  <>
                    <StateLabel
                      tone="teal"
                      icon={IconCircleCheck}
                      word="Counts"
                    />
                    <Text size="sm" c="dimmed">
                      until <At at={each.expires_at} />
                    </Text>
                  </>
                ) : (
                  <StateLabel
                    tone="yellow"
                    icon={IconClockX}
                    word="Has expired"
                  />
                )
              }
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
