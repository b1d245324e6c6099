import { ActionIcon, Anchor, Group, Menu, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconExternalLink } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type ActionItemChanges,
  type ActionItemOut,
  changeActionItem,
  createActionItemTicket,
  deleteActionItem,
} from "../../api/generated";
import { useMe } from "../../me";
import { TextLink } from "../../ui/links";
import { useNow } from "../../ui/now";
import { Row } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { ItemModal } from "./ItemModal";
import { ITEM_STATES, ticketName } from "./words";

const VERBS = {
  open: "Open again",
  done: "Done",
  dropped: "Drop",
} as const;

interface Props {
  item: ActionItemOut;
  canWrite: boolean;
  /** name the postmortem, too */
  named?: boolean;
}

/** What is to be done, who does it, until when. */
export function ItemRow({ item, canWrite, named = false }: Props) {
  const { id, postmortem_id, text, owner, status, ticket_url } = item;
  const me = useMe();
  const queryClient = useQueryClient();
  const [editing, edit] = useDisclosure();
  const path = { postmortem_id, item_id: id };
  const { mutate, isPending } = useMutation({
    mutationFn: async (body: ActionItemChanges | "delete" | "ticket") => {
      if (body === "delete") await deleteActionItem({ path });
      else if (body === "ticket") await createActionItemTicket({ path });
      else await changeActionItem({ path, body });
    },
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["postmortems"] }),
        queryClient.invalidateQueries({ queryKey: ["action-items"] }),
      ]),
  });
  const mayAnswer = canWrite || owner?.id === me.id;
  return (
    <Row
      main={
        <>
          <Text
            td={status === "dropped" ? "line-through" : undefined}
            style={{ overflowWrap: "anywhere" }}
          >
            {text}
          </Text>
          <Text size="sm" c="dimmed">
            {owner?.name ?? "Nobody yet"}
            <Due item={item} />
            {ticket_url && (
              <>
                {" · "}
                <Anchor
                  href={ticket_url}
                  target="_blank"
                  rel="noopener noreferrer"
                  inherit
                >
                  {ticketName(ticket_url, item.ticket_key)}{" "}
                  <IconExternalLink size={12} aria-hidden />
                </Anchor>
              </>
            )}
            {named && (
              <>
                {" · "}
                <TextLink
                  to="/postmortems/$postmortemId"
                  params={{ postmortemId: postmortem_id }}
                  inherit
                >
                  {item.postmortem_title}
                </TextLink>
              </>
            )}
          </Text>
        </>
      }
      side={
        <Group gap="xs" wrap="nowrap">
          <StateLabel {...ITEM_STATES[status]} />
          {mayAnswer && (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  loading={isPending}
                  aria-label={`Change “${text}”`}
                >
                  <IconDots size={16} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {(["open", "done", "dropped"] as const)
                  .filter((each) => each !== status)
                  .map((each) => (
                    <Menu.Item
                      key={each}
                      onClick={() => mutate({ status: each })}
                    >
                      {VERBS[each]}
                    </Menu.Item>
                  ))}
                {canWrite && (
                  <>
                    <Menu.Divider />
                    <Menu.Item onClick={edit.open}>Edit …</Menu.Item>
                    {!ticket_url && (
                      <Menu.Item onClick={() => mutate("ticket")}>
                        Create a ticket
                      </Menu.Item>
                    )}
                    <Menu.Item color="red" onClick={() => mutate("delete")}>
                      Delete
                    </Menu.Item>
                  </>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
          {editing && <ItemModal item={item} onClose={edit.close} />}
        </Group>
      }
    />
  );
}

function Due({ item: { due_on, status } }: { item: ActionItemOut }) {
  const now = useNow(60);
  if (!due_on) return null;
  const day = new Date(`${due_on}T00:00`);
  const words = day.toLocaleDateString(undefined, { dateStyle: "medium" });
  // until the end of the day
  const isLate = status === "open" && now > day.getTime() + 86_400_000;
  return (
    <>
      {" · "}
      <Text span inherit c={isLate ? "var(--mantine-color-error)" : undefined}>
        {isLate ? "overdue since" : "due"} {words}
      </Text>
    </>
  );
}
