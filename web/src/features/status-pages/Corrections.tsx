import { Spoiler, Stack, Text } from "@mantine/core";
import type { UpdateCorrection } from "../../api/generated";
import { At } from "../../ui/Ago";

const SHOWN_PX = 48;

/** What an update said before, and why that was changed. */
export function Corrections({
  corrections,
}: {
  corrections: UpdateCorrection[];
}) {
  if (corrections.length === 0) return null;
  return (
    <Spoiler
      maxHeight={SHOWN_PX}
      showLabel="Show what it said before"
      hideLabel="Hide it"
    >
      <Stack gap={4}>
        {corrections.map(({ corrected_at, corrected_by, reason, before }) => (
          <Text key={corrected_at} size="sm" c="dimmed">
            Corrected <At at={corrected_at} />
            {corrected_by && ` by ${corrected_by.name}`}: {reason}. Before, it
            said “{before.body}”{before.status && ` (${before.status})`}
          </Text>
        ))}
      </Stack>
    </Spoiler>
  );
}
