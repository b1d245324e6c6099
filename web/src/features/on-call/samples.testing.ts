import type { CoverRequest, Swap } from "../../api/generated";

export const ME = { id: "me", name: "Ana" };
export const BO = { id: "bo", name: "Bo" };

/** Offered to whoever looks, by Bo. */
export function swap(id: string, part: Partial<Swap> = {}): Swap {
  return {
    id,
    schedule: { id: "s1", name: "Payments" },
    offered_by: BO,
    offered_to: ME,
    start: "2026-11-25T09:00:00Z",
    end: "2026-11-25T17:00:00Z",
    in_return: null,
    reason: null,
    status: "open",
    created_at: "2026-11-23T09:00:00Z",
    expires_at: "2026-11-25T09:00:00Z",
    decided_at: null,
    ...part,
  };
}

/** Asked for by Bo. */
export function cover(
  id: string,
  part: Partial<CoverRequest> = {},
): CoverRequest {
  return {
    id,
    schedule: { id: "s1", name: "Payments" },
    user: BO,
    start: "2026-11-24T09:00:00Z",
    end: "2026-11-24T17:00:00Z",
    reason: null,
    from_time_off: false,
    status: "open",
    covered_by: null,
    created_at: "2026-11-23T09:00:00Z",
    decided_at: null,
    ...part,
  };
}
