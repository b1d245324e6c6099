import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function SchedulesPage() {
  return (
    <Page title="Schedules">
      <Lines />
    </Page>
  );
}
