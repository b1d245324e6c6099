import { Alert, Button, Group, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

interface Props {
  /** "The incidents" in "The incidents could not be loaded" */
  what: string;
  error: Error;
  onRetry?: () => void;
}

/** What failed, why, and what to do. */
export function ErrorNotice({ what, error, onRetry }: Props) {
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={`${what} could not be loaded`}
    >
      <Group justify="space-between" gap="sm">
        <Text size="sm">{error.message}</Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
