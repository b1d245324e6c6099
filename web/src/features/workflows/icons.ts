import {
  type Icon,
  IconAlertCircle,
  IconArrowsSplit2,
  IconBell,
  IconBook2,
  IconBrandGithub,
  IconBrandSlack,
  IconBrandTeams,
  IconBroadcast,
  IconCalendarTime,
  IconCheck,
  IconClick,
  IconFlag,
  IconGitMerge,
  IconHourglass,
  IconMail,
  IconNote,
  IconPhoneCall,
  IconRepeat,
  IconSettings,
  IconThumbUp,
  IconTicket,
  IconUserPlus,
  IconWebhook,
  IconWorldUp,
} from "@tabler/icons-react";
import type { Step } from "./graph";

const TYPES: Readonly<Record<string, Icon>> = {
  schedule: IconCalendarTime,
  manual: IconClick,
  webhook: IconWebhook,
  acknowledge: IconCheck,
  resolve: IconCheck,
  add_note: IconNote,
  add_responder: IconUserPlus,
  email: IconMail,
  github_issue: IconBrandGithub,
  github_workflow: IconBrandGithub,
  http_request: IconWorldUp,
  open_status_incident: IconBroadcast,
  page: IconPhoneCall,
  run_runbook: IconBook2,
  set_priority: IconFlag,
  slack: IconBrandSlack,
  teams: IconBrandTeams,
  wait_for_approval: IconThumbUp,
  wait_for_callback: IconHourglass,
};
const KINDS: Partial<Record<Step["kind"], Icon>> = {
  trigger: IconAlertCircle,
  condition: IconArrowsSplit2,
  delay: IconHourglass,
  loop: IconRepeat,
  join: IconGitMerge,
};

/** The picture of a kind of step; every ticket system shares one. */
export function iconOf({ kind, type }: Pick<Step, "kind" | "type">): Icon {
  const own = TYPES[type] ?? KINDS[kind];
  if (own) return own;
  if (/jira|linear/.test(type)) return IconTicket;
  return /^page|bell/.test(type) ? IconBell : IconSettings;
}
