import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function IntegrationPage() {
  return (
    <Page title="Integration">
      <Lines />
    </Page>
  );
}
