import { Anchor, Group, Spoiler } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { Labels } from "./Labels";

interface Props {
  alert: {
    source_url: string | null;
    labels: Record<string, unknown>;
    links: { href?: string; text?: string }[];
  };
}

/** Only addresses that a browser opens safely: a label could say `javascript:`. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** An alert's labels and the pages worth opening. All text is the tool's, and stays text. */
export function AlertFacts({ alert }: Props) {
  const links = [
    ...(alert.source_url ? [{ href: alert.source_url, text: "Source" }] : []),
    ...alert.links,
  ].flatMap(({ href = "", text = "" }) =>
    isWebAddress(href) ? [{ href, text }] : [],
  );
  return (
    <>
      <Spoiler
        maxHeight={190}
        showLabel="Show all labels"
        hideLabel="Show fewer"
      >
        <Labels labels={alert.labels} />
      </Spoiler>
      {links.length > 0 && (
        <Group gap="md">
          {links.map(({ href, text }) => (
            <Anchor
              key={`${href} ${text}`}
              href={href}
              target="_blank"
              rel="noreferrer noopener"
              size="sm"
            >
              {text || href}{" "}
              <IconExternalLink
                size={14}
                aria-label="(opens another site)"
                style={{ verticalAlign: "-2px" }}
              />
            </Anchor>
          ))}
        </Group>
      )}
    </>
  );
}
