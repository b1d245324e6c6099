import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function PolicyPage() {
  return (
    <Page title="Escalation policy">
      <Lines />
    </Page>
  );
}
