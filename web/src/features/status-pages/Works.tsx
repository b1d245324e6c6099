import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBarrierBlock, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { PlannedMaintenance, StatusPage } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { clockTime } from "../../ui/time";
import { useMay } from "./may";
import { worksQuery } from "./queries";
import { WORKS } from "./states";
import { WorkForm } from "./WorkForm";
import { rruleInWords } from "./work-draft";

const PARTS: readonly [string, readonly PlannedMaintenance["status"][]][] = [
  ["Under way", ["in_progress", "verifying"]],
  ["Planned", ["scheduled"]],
  ["Over", ["completed", "cancelled"]],
];

/** Planned work of a page: under way, to come, over. */
export function Works({ page }: { page: StatusPage }) {
  const may = useMay(page);
  const [adding, { open, close }] = useDisclosure();
  const query = useInfiniteQuery(worksQuery(page.id));
  const add = may.publish && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      Announce work
    </Button>
  );
  return (
    <>
      <Loaded what="The planned work" query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          if (all.length === 0)
            return (
              <Empty
                icon={<IconBarrierBlock size={40} />}
                title="No planned work"
                action={add}
              >
                Say beforehand what will be slow or away, and when. The page
                shows it, calendars take it over, and subscribers can be
                reminded. It begins and ends by itself.
              </Empty>
            );
          return (
            <>
              <div>{add}</div>
              {PARTS.map(([title, statuses]) => (
                <Part
                  key={title}
                  title={title}
                  works={all.filter(({ status }) => statuses.includes(status))}
                />
              ))}
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      {adding && <WorkForm page={page} onClose={close} />}
    </>
  );
}

interface PartProps {
  title: string;
  works: PlannedMaintenance[];
}

function Part({ title, works }: PartProps) {
  if (works.length === 0) return null;
  // what comes next is on top; of what is over, what was last
  const sorted =
    title === "Over"
      ? works
      : works.toSorted((a, b) =>
          a.scheduled_for.localeCompare(b.scheduled_for),
        );
  return (
    <Section title={title}>
      <Rows label={title}>
        {sorted.map((work) => (
          <WorkRow key={work.id} work={work} />
        ))}
      </Rows>
    </Section>
  );
}

function WorkRow({ work }: { work: PlannedMaintenance }) {
  const now = useNow(60);
  return (
    <Row
      main={
        <>
          <TextLink
            to="/status-maintenances/$maintenanceId"
            params={{ maintenanceId: work.id }}
            fw={600}
          >
            {work.name}
          </TextLink>
          <Text size="sm" c="dimmed">
            {work.components.map(({ name }) => name).join(", ") ||
              "No component"}
            {work.rrule && ` · ${rruleInWords(work.rrule)}`}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {clockTime(work.scheduled_for, now)} to{" "}
            {clockTime(work.scheduled_until, now)}
          </Text>
          <StateLabel {...WORKS[work.status]} />
        </>
      }
    />
  );
}
