import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function IncidentPage() {
  return (
    <Page title="Incident">
      <Lines />
    </Page>
  );
}
