import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function IntegrationsPage() {
  return (
    <Page title="Integrations">
      <Lines />
    </Page>
  );
}
