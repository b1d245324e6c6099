import { Stack, Text } from "@mantine/core";
import type { ApiKeyOut } from "../api/generated";
import { Ago, At } from "./Ago";

/** What is known of an API key: its name, what it may do, when and whence it is used. */
export function KeyFacts({ apiKey }: { apiKey: ApiKeyOut }) {
  const { name, prefix, scopes, used_at, expires_at, networks } = apiKey;
  return (
    <Stack gap={0} miw={0}>
      <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
        {name}{" "}
        <Text span ff="monospace" c="dimmed" size="sm">
          {prefix}…
        </Text>
      </Text>
      <Text size="xs" c="dimmed">
        {scopes.join(", ")}
        {" · "}
        {used_at ? (
          <>
            used <Ago at={used_at} />
          </>
        ) : (
          "never used"
        )}
        {expires_at && (
          <>
            {" · ends "}
            <At at={expires_at} />
          </>
        )}
        {networks.length > 0 && ` · only from ${networks.join(", ")}`}
      </Text>
    </Stack>
  );
}
