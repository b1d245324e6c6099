import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function SchedulePage() {
  return (
    <Page title="Schedule">
      <Lines />
    </Page>
  );
}
