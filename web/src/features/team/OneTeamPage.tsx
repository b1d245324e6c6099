import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function OneTeamPage() {
  return (
    <Page title="Team">
      <Lines />
    </Page>
  );
}
