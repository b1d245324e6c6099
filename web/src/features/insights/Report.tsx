import {
  Button,
  Group,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "../../ui/Loaded";
import { Chart } from "./charts";
import { type Asked, csvAddress, reportQuery } from "./queries";
import { ReportTable } from "./ReportTable";
import { entriesOf } from "./table";

const LOOKS = [
  { value: "chart", label: "Chart" },
  { value: "table", label: "Table" },
];

interface Props {
  insight: string;
  /** until the report itself says it */
  title: string;
  asked: Asked;
  /** what its filters leave out */
  note?: string | undefined;
  /** what will stand here one day */
  none: string;
}

/** One report: its question, its picture, the table behind it, and that as CSV. */
export function Report({ insight, title, asked, note, none }: Props) {
  const [look, setLook] = useState("chart");
  const query = useQuery(reportQuery(insight, asked));
  const empty = query.data?.rows.length === 0;
  return (
    <Paper withBorder p="md" component="section" aria-label={title} miw={0}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs" align="start">
          <div style={{ flex: "1 1 14rem" }}>
            <Title order={2}>{title}</Title>
            <Text size="sm" c="dimmed">
              {query.data?.question} {note}
            </Text>
          </div>
          <Group gap="xs">
            <SegmentedControl
              size="xs"
              aria-label={`${title}, as`}
              data={LOOKS}
              value={look}
              onChange={setLook}
            />
            <Button
              component="a"
              size="xs"
              variant="default"
              href={csvAddress(insight, asked)}
              download
              aria-label={`${title} as CSV`}
              leftSection={<IconDownload size={14} />}
            >
              CSV
            </Button>
          </Group>
        </Group>
        <Loaded what={title} query={query}>
          {(table) =>
            empty ? (
              <Text size="sm" c="dimmed" py="md">
                {none}
              </Text>
            ) : look === "table" ? (
              <ReportTable table={table} />
            ) : (
              <Chart
                insight={insight}
                entries={entriesOf(table)}
                asked={asked}
              />
            )
          }
        </Loaded>
      </Stack>
    </Paper>
  );
}
