import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function MePage() {
  return (
    <Page title="Me">
      <Lines />
    </Page>
  );
}
