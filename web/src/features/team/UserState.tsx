import { Tooltip } from "@mantine/core";
import {
  IconBellOff,
  IconBellRinging,
  IconShieldCheck,
  IconUserOff,
} from "@tabler/icons-react";
import type { UserOut } from "../../api/generated";
import { StateLabel } from "../../ui/StateLabel";

/** Whether a page would reach them; and who may do everything. */
export function UserState({ user }: { user: UserOut }) {
  if (user.deactivated_at)
    return <StateLabel tone="gray" icon={IconUserOff} word="Deactivated" />;
  return (
    <>
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
