import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function UserPage() {
  return (
    <Page title="Team">
      <Lines />
    </Page>
  );
}
