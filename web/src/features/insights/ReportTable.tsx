import { Box, Table, Text } from "@mantine/core";
import type { InsightColumn, InsightTable } from "../../api/generated";
import { TextLink } from "../../ui/links";
import { useChannelTitle } from "../../ui/use-channel-title";
import classes from "./Insights.module.css";
import { type Entry, entriesOf } from "./table";
import { inWords } from "./words";

const FIGURES: readonly InsightColumn["unit"][] = [
  "count",
  "seconds",
  "hours",
  "share",
];

/** A report as it is, and what its columns mean. */
export function ReportTable({ table }: { table: InsightTable }) {
  // ids are there to be linked, not to be read
  const columns = table.columns.filter(({ unit }) => unit !== "id");
  const entries = entriesOf(table);
  return (
    <>
      {/* focusable, so that the keyboard can scroll it */}
      <section
        className={classes.scroll}
        aria-label={`${table.title}, as a table`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
        tabIndex={0}
      >
        <Table verticalSpacing={6} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th
                  key={column.key}
                  scope="col"
                  ta={sideOf(column)}
                  title={column.meaning || undefined}
                >
                  {column.title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map((entry) => (
              <Table.Tr key={JSON.stringify(entry)}>
                {columns.map((column) => (
                  <Table.Td key={column.key} ta={sideOf(column)}>
                    <Value entry={entry} column={column} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </section>
      <Meanings columns={columns} />
    </>
  );
}

function sideOf({ unit, key }: InsightColumn) {
  return FIGURES.includes(unit) && key !== "weekday" ? "end" : "start";
}

function Value({ entry, column }: { entry: Entry; column: InsightColumn }) {
  const titleOf = useChannelTitle();
  const words = inWords(entry[column.key] ?? null, column);
  if (column.key === "channel") return titleOf(words);
  const id = entry[`${column.key}_id`];
  if (typeof id !== "string") return words;
  switch (column.key) {
    case "service":
      return (
        <TextLink to="/services/$serviceId" params={{ serviceId: id }}>
          {words}
        </TextLink>
      );
    case "team":
      return (
        <TextLink to="/team/teams/$teamId" params={{ teamId: id }}>
          {words}
        </TextLink>
      );
    case "person":
      return (
        <TextLink to="/team/users/$userId" params={{ userId: id }}>
          {words}
        </TextLink>
      );
    default:
      return words;
  }
}

/** Spoken of every column whose title does not say it. */
export function Meanings({ columns }: { columns: readonly InsightColumn[] }) {
  const told = columns.filter(({ meaning }) => meaning);
  if (told.length === 0) return null;
  return (
    <Box component="dl" className={classes.meanings}>
      {told.map(({ key, title, meaning }) => (
        <div key={key}>
          <Text component="dt" size="xs" fw={600} span>
            {title}:
          </Text>{" "}
          <Text component="dd" size="xs" c="dimmed" span>
            {meaning}
          </Text>
        </div>
      ))}
    </Box>
  );
}
