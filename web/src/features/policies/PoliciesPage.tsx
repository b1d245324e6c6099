import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function PoliciesPage() {
  return (
    <Page title="Escalation policies">
      <Lines />
    </Page>
  );
}
