import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function IncidentsPage() {
  return (
    <Page title="Incidents">
      <Lines />
    </Page>
  );
}
