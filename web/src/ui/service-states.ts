import {
  IconAlertCircle,
  IconBellMinus,
  IconCircleCheck,
  IconUserCheck,
} from "@tabler/icons-react";
import type { ServiceState } from "../api/generated";

/** How each state of a service looks and is called. */
export const SERVICE_STATES = {
  triggered: { tone: "red", icon: IconAlertCircle, word: "Needs somebody" },
  acknowledged: {
    tone: "orange",
    icon: IconUserCheck,
    word: "Somebody has it",
  },
  low: { tone: "yellow", icon: IconBellMinus, word: "Open, not urgent" },
  quiet: { tone: "teal", icon: IconCircleCheck, word: "All quiet" },
} as const satisfies Record<ServiceState, object>;

export const TIERS: Readonly<Record<string, string>> = {
  "1": "Tier 1: matters most",
  "2": "Tier 2",
  "3": "Tier 3",
  "4": "Tier 4: matters least",
};

export const TIER_CHOICES = Object.entries(TIERS).map(([value, label]) => ({
  value,
  label,
}));
