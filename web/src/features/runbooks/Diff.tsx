import { Paper, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { VersionDiff } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import classes from "./Diff.module.css";
import { inOrder, type Part, partsOf, textOf, whereOf } from "./diff-words";
import { connectionsQuery, diffQuery, targetsQuery } from "./queries";

interface Props {
  runbookId: string;
  number: number;
  target: string;
}

/** Every place that differs from what was approved before. */
export function Diff({ runbookId, number, target }: Props) {
  const query = useQuery(diffQuery(runbookId, number));
  return (
    <Section title="What changes">
      <Loaded what="The differences" query={query}>
        {(diff) =>
          diff.against === null ? (
            <Text size="sm" c="dimmed">
              Nothing of this runbook has been approved before this version: all
              of it is new. Read it below, every line.
            </Text>
          ) : (
            <Differences diff={diff} target={target} />
          )
        }
      </Loaded>
    </Section>
  );
}

function Differences({ diff, target }: { diff: VersionDiff; target: string }) {
  const kind = useQuery(targetsQuery).data?.find(
    (each) => each.kind === target,
  );
  const connections = useQuery(connectionsQuery()).data ?? [];
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  if (diff.differences.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing: it is the same as version {diff.against}.
      </Text>
    );
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Against version {diff.against}, which was approved last. What is taken
        out is struck through, what is put in is underlined.
      </Text>
      {inOrder(diff.differences).map(({ path, before, after }) => (
        <Paper
          key={path}
          withBorder
          role="group"
          aria-label={whereOf(path, kind)}
        >
          <Text size="sm" fw={600} px="xs" pt={6}>
            {whereOf(path, kind)}
          </Text>
          <pre className={classes.text}>
            {partsOf(textOf(before, names), textOf(after, names)).map(
              (part, at) => (
                <Piece key={at} part={part} />
              ),
            )}
          </pre>
        </Paper>
      ))}
    </Stack>
  );
}

function Piece({ part: { kind, text } }: { part: Part }) {
  if (kind === "removed") return <del className={classes.removed}>{text}</del>;
  if (kind === "added") return <ins className={classes.added}>{text}</ins>;
  return <>{text}</>;
}
