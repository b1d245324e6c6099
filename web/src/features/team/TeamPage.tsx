import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function TeamPage() {
  return (
    <Page title="Team">
      <Lines />
    </Page>
  );
}
