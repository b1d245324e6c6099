import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowMerge,
  IconArrowsSplit2,
  IconCheck,
  IconDots,
  IconEdit,
  IconMoon,
  IconPlayerPlay,
  IconSpeakerphone,
  IconStairsUp,
  IconUserPlus,
  IconUserShare,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import type { IncidentDetail } from "../../api/generated";
import { MenuLink } from "../../ui/links";
import { AddResponderModal } from "./AddResponderModal";
import { EditModal } from "./EditModal";
import { MergeModal } from "./MergeModal";
import { ReassignModal } from "./ReassignModal";
import { ResolveModal } from "./ResolveModal";
import { snoozeChoices } from "./snooze";
import { useUnmerge } from "./use-change";
import type { Verb } from "./verbs";

interface Props {
  incident: IncidentDetail;
  act: (verb: Verb) => void;
}

const DIALOGS = {
  resolve: ResolveModal,
  reassign: ReassignModal,
  responder: AddResponderModal,
  merge: MergeModal,
  edit: EditModal,
};

/** Everything else that can be done with an incident. */
export function ActionMenu({ incident, act }: Props) {
  const [dialog, setDialog] = useState<keyof typeof DIALOGS>();
  const unmerge = useUnmerge(incident.id);
  const open = incident.status !== "resolved";
  const Dialog = dialog && DIALOGS[dialog];
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon
            data-menu
            variant="default"
            size="input-sm"
            aria-label="More actions"
          >
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {open && <Snoozes act={act} />}
          {incident.status === "acknowledged" && (
            <Menu.Item
              leftSection={<IconX size={16} />}
              onClick={() => act({ do: "unacknowledge" })}
            >
              Un-acknowledge: escalate again
            </Menu.Item>
          )}
          {open && (
            <>
              <Menu.Divider />
              <Menu.Item
                leftSection={<IconCheck size={16} />}
                onClick={() => setDialog("resolve")}
              >
                Resolve with a note…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconUserShare size={16} />}
                onClick={() => setDialog("reassign")}
              >
                Reassign…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconUserPlus size={16} />}
                onClick={() => setDialog("responder")}
              >
                Ask somebody to help…
              </Menu.Item>
              <Menu.Item
                leftSection={<IconArrowMerge size={16} />}
                onClick={() => setDialog("merge")}
              >
                Merge into another…
              </Menu.Item>
            </>
          )}
          {incident.merged_into && (
            <Menu.Item
              leftSection={<IconArrowsSplit2 size={16} />}
              onClick={() => unmerge.mutate()}
            >
              Un-merge from #{incident.merged_into.number}
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconEdit size={16} />}
            onClick={() => setDialog("edit")}
          >
            Edit title, priority, urgency…
          </Menu.Item>
          <MenuLink
            to="/incidents/$incidentId/runbooks"
            params={{ incidentId: String(incident.number) }}
            leftSection={<IconPlayerPlay size={16} />}
          >
            Run a runbook…
          </MenuLink>
          <MenuLink
            to="/status-pages/tell"
            search={{ incident_id: incident.id }}
            leftSection={<IconSpeakerphone size={16} />}
          >
            Tell customers…
          </MenuLink>
          {incident.escalation && (
            <Menu.Label>
              <IconStairsUp size={12} aria-hidden />{" "}
              {incident.escalation.policy_name}
            </Menu.Label>
          )}
        </Menu.Dropdown>
      </Menu>
      {Dialog && (
        <Dialog incident={incident} onClose={() => setDialog(undefined)} />
      )}
    </>
  );
}

function Snoozes({ act }: { act: (verb: Verb) => void }) {
  return (
    <>
      <Menu.Label>Snooze</Menu.Label>
      {snoozeChoices(new Date()).map(({ label, until }) => (
        <Menu.Item
          key={label}
          leftSection={<IconMoon size={16} />}
          onClick={() => act({ do: "snooze", until })}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}
