import { Anchor, Group, Stack } from "@mantine/core";
import { IconBook2, IconExternalLink } from "@tabler/icons-react";
import type { ContextLink } from "../../api/generated";
import { nameOf } from "./context-words";

interface Props {
  links: readonly ContextLink[];
  /** they say what to do */
  runbooks?: boolean;
}

/** Pages of other sites worth opening. */
export function ContextLinks({ links, runbooks = false }: Props) {
  const Mark = runbooks ? IconBook2 : IconExternalLink;
  return (
    <Stack gap={4}>
      {links.map((link) => (
        <Group key={`${link.href} ${link.text}`} gap={6} wrap="nowrap">
          <Mark
            size={16}
            aria-label="(opens another site)"
            style={{ flex: "none" }}
          />
          <Anchor
            href={link.href}
            target="_blank"
            rel="noreferrer noopener"
            size="sm"
            style={{ overflowWrap: "anywhere" }}
          >
            {nameOf(link)}
          </Anchor>
        </Group>
      ))}
    </Stack>
  );
}
