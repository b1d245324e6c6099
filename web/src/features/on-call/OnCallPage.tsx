import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function OnCallPage() {
  return (
    <Page title="On call">
      <Lines />
    </Page>
  );
}
