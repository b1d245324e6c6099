import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

/** Why something was not done, in one line above the button. */
export function Problem({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
    >
      {text}
    </Alert>
  );
}
