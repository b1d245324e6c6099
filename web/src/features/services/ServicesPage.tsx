import { Lines } from "../../ui/Loaded";
import { Page } from "../../ui/Page";

export function ServicesPage() {
  return (
    <Page title="Services">
      <Lines />
    </Page>
  );
}
