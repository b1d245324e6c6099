import { useQuery } from "@tanstack/react-query";
import type { Schedule } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { Findings } from "./Findings";
import { findingsQuery } from "./queries";

/** Whether the schedule keeps what it promises for the next weeks. */
export function Health({ schedule }: { schedule: Schedule }) {
  const query = useQuery(findingsQuery(schedule.id));
  return (
    <Section title="Health">
      <Loaded what="What is wrong with it" query={query}>
        {(findings) => <Findings findings={findings} />}
      </Loaded>
    </Section>
  );
}
