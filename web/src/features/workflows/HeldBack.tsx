import { Alert } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import type { WorkflowOut } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { useNow } from "../../ui/now";

const HOUR_MS = 3_600_000;

/** That it has run as often as it may, while that is so. */
export function HeldBack({ workflow }: { workflow: WorkflowOut }) {
  const { capped_at, most_per_hour } = workflow;
  const now = useNow();
  if (!capped_at || now - Date.parse(capped_at) > HOUR_MS) return null;
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconHandStop aria-hidden />}
      title="It was held back"
    >
      <Ago at={capped_at} />, it had run {most_per_hour} times within an hour,
      which is all it may: what came then started nothing. If it feeds itself,
      switch it off. If it is right, raise the number in its settings.
    </Alert>
  );
}
