import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMailPlus } from "@tabler/icons-react";
import {
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useState } from "react";
import {
  type InvitationOut,
  listInvitations,
  type NewInvitationOut,
  revokeInvitation,
  sendInvitationAgain,
  type TeamOut,
} from "../../api/generated";
import { Ago, At } from "../../ui/Ago";
import { CopyField } from "../../ui/CopyField";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { InviteForm } from "./InviteForm";
import { roleName } from "./queries";

function invitationsQuery(teamId: string) {
  return queryOptions({
    queryKey: ["teams", teamId, "invitations"],
    queryFn: ({ signal }) =>
      listInvitations({ path: { team_id: teamId }, signal }),
  });
}

/** Who was asked into the team and has not come yet. */
export function Invitations({ team }: { team: TeamOut }) {
  const invited = useQuery(invitationsQuery(team.id)).data ?? [];
  const [made, setMade] = useState<NewInvitationOut>();
  const [asking, { open, close }] = useDisclosure();
  return (
    <Section
      title="Invitations"
      action={
        <Button
          variant="default"
          leftSection={<IconMailPlus size={16} />}
          onClick={open}
        >
          Invite somebody
        </Button>
      }
    >
      {invited.length === 0 ? (
        <Text size="sm" c="dimmed">
          Whoever has no account yet gets a link by mail, and is in the team
          once they have opened it.
        </Text>
      ) : (
        <Rows label="Invitations">
          {invited.map((one) => (
            <Invited key={one.id} invitation={one} onSent={setMade} />
          ))}
        </Rows>
      )}
      {asking && <InviteForm team={team} onClose={close} onInvited={setMade} />}
      <Modal
        opened={made !== undefined}
        onClose={() => setMade(undefined)}
        title={`${made?.email} is invited`}
      >
        <Stack>
          <Text size="sm">
            The link is on its way by mail. You can also hand it over yourself;
            it is shown only now, and works once.
          </Text>
          <CopyField label="the link" value={made?.link ?? ""} />
        </Stack>
      </Modal>
    </Section>
  );
}

interface InvitedProps {
  invitation: InvitationOut;
  onSent: (made: NewInvitationOut) => void;
}

function Invited({ invitation, onSent }: InvitedProps) {
  const { id, email, role, team, sent_at, error, expires_at } = invitation;
  const queryClient = useQueryClient();
  const path = { invitation_id: id };
  const onSettled = () =>
    queryClient.invalidateQueries(invitationsQuery(team.id));
  const again = useMutation({
    mutationFn: () => sendInvitationAgain({ path }),
    onSuccess: onSent,
    onSettled,
  });
  const revoke = useMutation({
    mutationFn: () => revokeInvitation({ path }),
    onSuccess: () => toastDone(`The link for ${email} works no more`),
    onSettled,
  });
  return (
    <Row
      main={
        <>
          <Text fw={600}>{email}</Text>
          <Text size="sm" c={error ? "red" : "dimmed"}>
            {roleName(role)}
            {" · "}
            {error ??
              (sent_at ? (
                <>
                  sent <Ago at={sent_at} />
                </>
              ) : (
                "on its way"
              ))}
            {" · counts until "}
            <At at={expires_at} />
          </Text>
        </>
      }
      side={
        <>
          <Button
            size="xs"
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate()}
          >
            Send again
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={revoke.isPending}
            onClick={() => revoke.mutate()}
          >
            Take back
          </Button>
        </>
      }
    />
  );
}
