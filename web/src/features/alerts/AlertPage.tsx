import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function AlertPage() {
  return (
    <Page title="Alert">
      <Lines />
    </Page>
  );
}
