import { Button, Stack, Text } from "@mantine/core";
import { IconRoute, IconRouteSquare } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ReportedAlert } from "../../api/generated";
import { useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Labels } from "../../ui/Labels";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { unroutedQuery } from "./queries";
import { RouteIt } from "./RouteIt";

/** Alerts that no rule and no team's label took: they went to the catch-all service. */
export function Unrouted() {
  const query = useInfiniteQuery(unroutedQuery());
  const mayRoute = useMe().platform_admin;
  const [routing, setRouting] = useState<ReportedAlert>();
  return (
    <>
      <Loaded what="What was not routed" query={query}>
        {({ pages }) => {
          const alerts = pages.flatMap((page) => page.items);
          return alerts.length === 0 ? (
            <Empty
              icon={<IconRouteSquare size={40} />}
              title="Everything found its place"
            >
              Here you see alerts that only the catch-all service took: no rule
              routes them, and no label names a team.
            </Empty>
          ) : (
            <Stack gap="sm">
              <Text size="sm" c="dimmed">
                The catch-all service took these: no rule routes them, and no
                label names a team.
                {!mayRoute && " A platform admin can route them."}
              </Text>
              <Rows label="Unrouted alerts">
                {alerts.map((alert) => (
                  <UnroutedRow
                    key={alert.id}
                    alert={alert}
                    onRoute={mayRoute ? () => setRouting(alert) : undefined}
                  />
                ))}
              </Rows>
              <LoadMore {...query} />
            </Stack>
          );
        }}
      </Loaded>
      {routing && (
        <RouteIt alert={routing} onClose={() => setRouting(undefined)} />
      )}
    </>
  );
}

interface RowProps {
  alert: ReportedAlert;
  /** none: I may not */
  onRoute: (() => void) | undefined;
}

function UnroutedRow({ alert, onRoute }: RowProps) {
  const { id, title, labels, integration, last_at } = alert;
  return (
    <Row
      main={
        <Stack gap={4}>
          <TextLink to="/alerts/$alertId" params={{ alertId: id }} size="sm">
            {title}
          </TextLink>
          <Labels labels={labels} />
        </Stack>
      }
      side={
        <>
          <TextLink
            to="/integrations/$integrationId"
            params={{ integrationId: integration.id }}
            size="sm"
          >
            {integration.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            <Ago at={last_at} />
          </Text>
          {onRoute && (
            <Button
              variant="default"
              size="compact-sm"
              leftSection={<IconRoute size={14} />}
              onClick={onRoute}
            >
              Route it
            </Button>
          )}
        </>
      }
    />
  );
}
