import { Anchor } from "@mantine/core";
import classes from "./Labels.module.css";

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** name=value, in monospace; long ones wrap. */
export function Labels({ labels }: { labels: Record<string, unknown> }) {
  const entries = Object.entries(labels);
  if (entries.length === 0) return null;
  return (
    <dl className={classes.labels}>
      {entries.map(([name, value]) => {
        const text = asText(value);
        return (
          <div key={name} className={classes.label}>
            <dt>{name}</dt>
            <dd>
              {/^https?:\/\//i.test(text) ? (
                <Anchor
                  inherit
                  href={text}
                  target="_blank"
                  rel="noreferrer noopener"
                >
                  {text}
                </Anchor>
              ) : (
                text
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
