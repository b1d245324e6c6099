import type { Partner, PartnerChanges, PartnerIn } from "../../api/generated";
import type { Person } from "../../ui/PersonSelect";
import { instantTyped } from "../../ui/when";

/** A partner as it is typed. */
export interface Draft {
  email: string;
  name: string;
  organisation: string;
  notes: string;
  owner: Person | null;
  /** by the viewer's clock: "2027-01-31T00:00"; empty: never */
  expires: string;
  invite: boolean;
}

export const NEW: Draft = {
  email: "",
  name: "",
  organisation: "",
  notes: "",
  owner: null,
  expires: "",
  invite: true,
};

/** An instant as a box for date and time takes it. */
export function typed(at: string | null): string {
  if (!at) return "";
  const local = new Date(at);
  local.setMinutes(local.getMinutes() - local.getTimezoneOffset());
  return local.toISOString().slice(0, 16);
}

export function draftOf(partner: Partner): Draft {
  const { email, name, organisation, notes, owner, expires_at } = partner;
  return {
    email,
    name,
    organisation,
    notes,
    owner,
    expires: typed(expires_at),
    invite: false,
  };
}

export function bodyOf(draft: Draft): PartnerIn {
  return { ...changesOf(draft), email: draft.email, invite: draft.invite };
}

export function changesOf(draft: Draft) {
  return {
    name: draft.name,
    organisation: draft.organisation,
    notes: draft.notes,
    owner_id: draft.owner?.id ?? null,
    expires_at: instantTyped(draft.expires),
  } satisfies PartnerChanges;
}

export const VALIDATE = {
  email: (email: string) =>
    /^\S+@\S+$/.test(email.trim()) ? null : "Type an e-mail address",
};
