import { Alert, Stack, Text } from "@mantine/core";
import type { AlertSuppression } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";
import { lookOf, whatThen, whyQuiet } from "./look";

/** Why nobody is told of an open alert, until when, and what happens then. */
export function Quiet({ suppression }: { suppression: AlertSuppression }) {
  const { icon: Mark } = lookOf({ status: "open", suppression });
  return (
    <Alert
      color="violet"
      icon={<Mark size={20} aria-hidden />}
      title="Nobody is told of it"
    >
      <Stack gap={4}>
        <Text size="sm">{whyQuiet(suppression)}.</Text>
        <Text size="sm">
          {suppression.until && (
            <>
              Until <At at={suppression.until} /> (
              <Ago at={suppression.until} />
              ).{" "}
            </>
          )}
          {whatThen(suppression)}
        </Text>
        <Source suppression={suppression} />
      </Stack>
    </Alert>
  );
}

/** Where to change what suppresses it. */
function Source({ suppression }: { suppression: AlertSuppression }) {
  const { reason, by_id: id } = suppression;
  if (reason === "maintenance")
    return (
      <TextLink to="/maintenance" size="sm" c="inherit" underline="always">
        See the planned work
      </TextLink>
    );
  if (id === null) return null;
  return (
    <TextLink
      to="/routing/$ruleId"
      params={{ ruleId: id }}
      size="sm"
      c="inherit"
      underline="always"
    >
      See the routing rule
    </TextLink>
  );
}
