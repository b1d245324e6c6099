import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconLink,
  IconMailForward,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  createPartnerLink,
  deactivatePartner,
  deletePartner,
  invitePartner,
  type Partner,
  reactivatePartner,
} from "../../api/generated";
import { CopyField } from "../../ui/CopyField";
import { DeleteButton } from "../../ui/DeleteButton";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { Accesses } from "./Accesses";
import { EditPartner } from "./EditPartner";
import { Grants } from "./Grants";
import { PartnerFacts } from "./PartnerFacts";
import { PARTNERS, partnerQuery } from "./queries";
import { SessionList } from "./Sessions";

/** One partner: who they are, what they see, where they are signed in, what they did. */
export function PartnerPage() {
  const { partnerId } = useParams({ from: "/frame/partners/$partnerId" });
  const query = useQuery(partnerQuery(partnerId));
  if (query.data) return <One partner={query.data} />;
  return (
    <Page title="Partner">
      <Loaded what="The partner" query={query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function One({ partner }: { partner: Partner }) {
  const [editing, { open, close }] = useDisclosure();
  const enters =
    partner.standing === "active" || partner.standing === "invited";
  return (
    <Page
      title={partner.name || partner.email}
      actions={
        <>
          {enters && <Links partner={partner} />}
          <Button
            variant="default"
            leftSection={<IconPencil size={16} />}
            onClick={open}
          >
            Edit
          </Button>
          <Activity partner={partner} />
          <Delete partner={partner} />
        </>
      }
    >
      <PartnerFacts partner={partner} />
      <Grants partner={partner} />
      <Section title="Signed in">
        <SessionList partnerId={partner.id} />
      </Section>
      <Section title="What they did">
        <Accesses wanted={{ partner_id: partner.id }} />
      </Section>
      {editing && <EditPartner partner={partner} onClose={close} />}
    </Page>
  );
}

/** Ways to let them in: a mail, or a link that somebody hands over. */
function Links({ partner }: { partner: Partner }) {
  const queryClient = useQueryClient();
  const path = { partner_id: partner.id };
  const invitation = useMutation({
    mutationFn: () => invitePartner({ path }),
    onSuccess: () =>
      toastDone(`An invitation is on its way to ${partner.email}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: PARTNERS }),
  });
  const link = useMutation({ mutationFn: () => createPartnerLink({ path }) });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconMailForward size={16} />}
        loading={invitation.isPending}
        onClick={() => invitation.mutate()}
      >
        {partner.invited_at ? "Invite again" : "Invite"}
      </Button>
      <Button
        variant="default"
        leftSection={<IconLink size={16} />}
        loading={link.isPending}
        onClick={() => link.mutate()}
      >
        Make a link
      </Button>
      {link.data && (
        <Modal
          opened
          onClose={link.reset}
          title={`A link for ${partner.name || partner.email}`}
        >
          <Stack>
            <Text size="sm">
              Whoever opens it is signed in as this partner. It works once,
              within 15 minutes, and is shown this once.
            </Text>
            <CopyField label="the link" value={link.data.url} />
          </Stack>
        </Modal>
      )}
    </>
  );
}

function Activity({ partner }: { partner: Partner }) {
  const queryClient = useQueryClient();
  const off = partner.deactivated_at !== null;
  const path = { partner_id: partner.id };
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      off ? reactivatePartner({ path }) : deactivatePartner({ path }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: PARTNERS }),
  });
  return (
    <Button
      variant="default"
      leftSection={
        off ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />
      }
      loading={isPending}
      onClick={() => mutate()}
    >
      {off ? "Let in again" : "Deactivate"}
    </Button>
  );
}

function Delete({ partner }: { partner: Partner }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the partner"
      name={partner.name || partner.email}
      run={async () => {
        await deletePartner({ path: { partner_id: partner.id } });
        await navigate({ to: "/partners" });
        await queryClient.invalidateQueries({ queryKey: PARTNERS });
      }}
    >
      They are signed out at once and what they were granted is gone. The access
      log keeps what they looked at. This cannot be taken back.
    </DeleteButton>
  );
}
