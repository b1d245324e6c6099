import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function ServicePage() {
  return (
    <Page title="Service">
      <Lines />
    </Page>
  );
}
