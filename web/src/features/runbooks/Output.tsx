import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { CopyIcon } from "../../ui/CopyField";
import { Loaded } from "../../ui/Loaded";
import { isOver } from "../../ui/run-states";
import { Section } from "../../ui/Section";
import classes from "./Output.module.css";
import { linesQuery } from "./queries";

const MOST_LINES = 1000;
const NEAR_PX = 40;

/** What a run prints, as it comes; every line is only ever text. */
export function Output({ runId }: { runId: string }) {
  const query = useQuery(linesQuery(runId));
  const lines = query.data?.items ?? [];
  const text = lines.map((line) => line.text).join("\n");
  return (
    <Section
      title="Output"
      action={lines.length > 0 && <CopyIcon label="the output" value={text} />}
    >
      <Loaded what="The output" query={query}>
        {({ items, state }) => {
          if (items.length > 0) return <Lines lines={items} />;
          return (
            <Text size="sm" c="dimmed" role="status">
              {isOver(state)
                ? "It has printed nothing."
                : "Nothing yet: lines appear here as they come."}
            </Text>
          );
        }}
      </Loaded>
      {lines.length >= MOST_LINES && (
        <Group>
          <Text size="sm" c="dimmed">
            Only the first {MOST_LINES.toLocaleString()} lines are kept.
          </Text>
        </Group>
      )}
    </Section>
  );
}

function Lines({
  lines,
}: {
  lines: readonly { number: number; text: string }[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    // stays at the end, unless somebody is reading further up
    if (box.current && follows.current)
      box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length]);
  return (
    <div
      ref={box}
      role="log"
      aria-label="Output"
      className={classes.output}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      onScroll={({ currentTarget: at }) => {
        const left = at.scrollHeight - at.scrollTop - at.clientHeight;
        follows.current = left < NEAR_PX;
      }}
    >
      {lines.map(({ number, text }) => (
        <div key={number} className={classes.line}>
          <span className={classes.number} aria-hidden>
            {number}
          </span>
          <bdi>{text}</bdi>
        </div>
      ))}
    </div>
  );
}
