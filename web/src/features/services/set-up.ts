import type { Need, ServiceSetUp } from "../../api/generated";

/** What each need is called when it is there, and what to do when it is not. */
export const NEEDS: Readonly<Record<Need, { done: string; todo: string }>> = {
  owner: {
    done: "Somebody is in the team that owns it",
    todo: "Put people into the team that owns it",
  },
  policy: {
    done: "Its escalation policy reaches somebody",
    todo: "Give it an escalation policy that reaches somebody",
  },
  proven: {
    done: "Everybody whom it pages was reached in the last 30 days",
    todo: "Send a test to whoever it pages: somebody was not reached for 30 days",
  },
  integration: {
    done: "A tool has reported about it",
    todo: "Connect a tool, and send a first event",
  },
  dependencies: {
    done: "It is known what it depends on",
    todo: "Say what it depends on",
  },
  runbook: {
    done: "A runbook says what to do",
    todo: "Link the runbook that says what to do",
  },
};

/** "3 of 5", or nothing for a service that needs nothing any more. */
export function scoreInWords({ done, checks }: ServiceSetUp): string | null {
  return checks.length === 0 ? null : `${done} of ${checks.length}`;
}

export function isWhole({ done, checks }: ServiceSetUp): boolean {
  return done === checks.length;
}
