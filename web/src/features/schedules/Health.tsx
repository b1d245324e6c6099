import { useQuery } from "@tanstack/react-query";
import type { Schedule } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { wallOf } from "../../ui/wall";
import { Findings } from "./Findings";
import { findingsQuery } from "./queries";
import { useView } from "./use-view";

/** Whether the schedule keeps what it promises for the next weeks. */
export function Health({ schedule }: { schedule: Schedule }) {
  const query = useQuery(findingsQuery(schedule.id));
  const { show, zone } = useView(schedule.time_zone);
  const showDay = (at: number) => {
    show({ view: "timeline", at: wallOf(at, zone).date });
    window.scrollTo({ top: 0 });
  };
  return (
    <Section title="Health">
      <Loaded what="What is wrong with it" query={query}>
        {(findings) => <Findings findings={findings} onShow={showDay} />}
      </Loaded>
    </Section>
  );
}
