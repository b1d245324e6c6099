import { Alert, Stack, Text } from "@mantine/core";
import type { AlertSuppression } from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
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
      </Stack>
    </Alert>
  );
}
