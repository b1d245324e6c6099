import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function AlertsPage() {
  return (
    <Page title="Alerts">
      <Lines />
    </Page>
  );
}
