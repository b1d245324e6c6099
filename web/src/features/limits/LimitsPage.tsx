import { Text } from "@mantine/core";
import { IconGauge, IconLock } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { LimitViolation } from "../../api/generated";
import { useMe } from "../../me";
import { Ago, At } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { Keeping } from "./Keeping";
import { integrationOf, kindOf, times, whoOf } from "./kinds";
import { violationsQuery } from "./queries";

/** Who wanted more than the limits allow, and how long things are kept; for platform admins. */
export function LimitsPage() {
  const { platform_admin: admin } = useMe();
  return (
    <Page title="Limits">
      {admin ? (
        <>
          <Violations />
          <Keeping />
        </>
      ) : (
        <Empty icon={<IconLock size={40} />} title="For platform admins">
          They see here who wanted more than the limits allow. Ask one of them.
        </Empty>
      )}
    </Page>
  );
}

function Violations() {
  const query = useInfiniteQuery(violationsQuery());
  return (
    <Loaded what="What was above a limit" query={query}>
      {({ pages }) => {
        const all = pages.flatMap((page) => page.items);
        if (all.length === 0)
          return (
            <Empty
              icon={<IconGauge size={40} />}
              title="Nobody was above a limit"
            >
              In the last 90 days no tool, no person and no address wanted more
              than the limits allow.
            </Empty>
          );
        return (
          <>
            <Text size="sm" c="dimmed">
              The last 90 days, hour by hour.
            </Text>
            <Rows label="Above a limit">
              {all.map((each) => (
                <Violation key={each.id} violation={each} />
              ))}
            </Rows>
            <LoadMore {...query} />
          </>
        );
      }}
    </Loaded>
  );
}

function Violation({ violation }: { violation: LimitViolation }) {
  const { what, became } = kindOf(violation.kind);
  const integrationId = integrationOf(violation);
  return (
    <Row
      main={
        <>
          {integrationId ? (
            <TextLink
              to="/integrations/$integrationId"
              params={{ integrationId }}
              fw={600}
            >
              {whoOf(violation)}
            </TextLink>
          ) : (
            <Text fw={600} style={{ overflowWrap: "anywhere" }}>
              {whoOf(violation)}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {what}: {became}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm">{times(violation.count)}</Text>
          <Text size="sm" c="dimmed">
            {violation.first_at === violation.last_at ? (
              <Ago at={violation.last_at} />
            ) : (
              <>
                <At at={violation.first_at} /> to <At at={violation.last_at} />
              </>
            )}
          </Text>
        </>
      }
    />
  );
}
