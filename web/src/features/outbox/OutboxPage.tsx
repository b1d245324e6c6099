import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function OutboxPage() {
  return (
    <Page title="Outbox">
      <Lines />
    </Page>
  );
}
