import { importStatusSubscribers, type StatusPage } from "../../api/generated";
import { ImportForm } from "../../ui/ImportForm";
import { SUBSCRIBERS } from "./subscriber-queries";

interface Props {
  page: StatusPage;
  onClose: () => void;
}

const EXAMPLE = `way,address,language,incidents,maintenances,components
email,ida@example.org,en,yes,no,Checkout;Search`;

/** Add many subscribers at once. */
export function ImportSubscribers({ page, onClose }: Props) {
  return (
    <ImportForm
      title="Import subscribers"
      about="The first one names the columns; only the address is needed. They are not asked again: import only who has agreed."
      example={EXAMPLE}
      send={(csv) =>
        importStatusSubscribers({ path: { page_id: page.id }, body: { csv } })
      }
      stale={SUBSCRIBERS}
      added={(count) => `${count} added`}
      onClose={onClose}
    />
  );
}
