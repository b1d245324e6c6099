import { Tooltip } from "@mantine/core";
import {
  IconBeach,
  IconBellOff,
  IconBellRinging,
  IconShieldCheck,
  IconUserOff,
} from "@tabler/icons-react";
import type { UserOut } from "../../api/generated";
import { At } from "../../ui/Ago";
import { StateLabel } from "../../ui/StateLabel";

/** Whether a page would reach them; and who may do everything. */
export function UserState({ user }: { user: UserOut }) {
  if (user.deactivated_at)
    return <StateLabel tone="gray" icon={IconUserOff} word="Deactivated" />;
  return (
    <>
      {user.away_until && isAway(user) && (
        <Tooltip label={<At at={user.away_until} />}>
          <span>
            <StateLabel tone="violet" icon={IconBeach} word="Away" />
          </span>
        </Tooltip>
      )}
      {user.platform_admin && (
        <StateLabel tone="blue" icon={IconShieldCheck} word="Platform admin" />
      )}
      {user.reachable ? (
        <StateLabel tone="teal" icon={IconBellRinging} word="Reachable" />
      ) : (
        <Tooltip
          multiline
          maw={280}
          label="No contact method works when they do not look at the web app: a page may go unseen."
        >
          <span>
            <StateLabel tone="orange" icon={IconBellOff} word="Not reachable" />
          </span>
        </Tooltip>
      )}
    </>
  );
}

function isAway({ away_from, away_until }: UserOut): boolean {
  const now = new Date();
  return (
    away_from !== null &&
    away_until !== null &&
    new Date(away_from) <= now &&
    now < new Date(away_until)
  );
}
