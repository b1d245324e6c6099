import { Checkbox } from "@mantine/core";
import { useState } from "react";
import { importPartners } from "../../api/generated";
import { ImportForm } from "../../ui/ImportForm";
import { PARTNERS } from "./queries";

const EXAMPLE = `email,name,organisation,notes,expires_on
eve@agency.example,Eve,Agency,,2027-03-31`;

/** Add many partners at once. */
export function ImportPartners({ onClose }: { onClose: () => void }) {
  const [invite, setInvite] = useState(false);
  return (
    <ImportForm
      title="Import partners"
      about="The first one names the columns. Only the address is needed."
      example={EXAMPLE}
      send={(csv) => importPartners({ body: { csv, invite } })}
      stale={PARTNERS}
      added={(count) =>
        count === 1 ? "1 partner is added" : `${count} partners are added`
      }
      onClose={onClose}
    >
      <Checkbox
        label="Send each an invitation"
        checked={invite}
        onChange={({ currentTarget }) => setInvite(currentTarget.checked)}
      />
    </ImportForm>
  );
}
