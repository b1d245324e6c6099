import { Button, CopyButton, Group, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconLink, IconPencil } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type PostmortemDetail, removePostmortem } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { DeleteButton } from "../../ui/DeleteButton";
import { ButtonLink } from "../../ui/links";
import { StateLabel } from "../../ui/StateLabel";
import { MoveButtons } from "./Moves";
import { STATES } from "./words";

/** Title, state, and what can be done with it now. */
export function PostmortemHead({
  postmortem,
}: {
  postmortem: PostmortemDetail;
}) {
  const { id, title, state, team, can_write, can_remove, lock } = postmortem;
  return (
    <Stack gap="xs">
      <Title order={1}>{title}</Title>
      <Group gap="xs">
        <StateLabel {...STATES[state]} />
        <Text size="sm" c="dimmed">
          {team.name} · <Story postmortem={postmortem} />
        </Text>
      </Group>
      {lock && (
        <Text size="sm" role="status">
          {lock.holder.name} is writing.
        </Text>
      )}
      <Group gap="xs">
        {can_write && state !== "published" && (
          <ButtonLink
            to="/postmortems/$postmortemId"
            params={{ postmortemId: id }}
            search={{ edit: "1" }}
            variant="default"
            leftSection={<IconPencil size={16} />}
          >
            Edit
          </ButtonLink>
        )}
        <MoveButtons postmortem={postmortem} />
        <CopyLink url={postmortem.url} />
        {can_remove && <Remove postmortem={postmortem} />}
      </Group>
    </Stack>
  );
}

/** Who did last what to it. */
function Story({ postmortem }: { postmortem: PostmortemDetail }) {
  const { state, updated_by, updated_at } = postmortem;
  const { submitted_by, submitted_at, published_by, published_at } = postmortem;
  if (state === "published" && published_by && published_at)
    return (
      <>
        published by {published_by.name} <Ago at={published_at} />
      </>
    );
  if (state === "in_review" && submitted_by && submitted_at)
    return (
      <>
        sent to review by {submitted_by.name} <Ago at={submitted_at} />
      </>
    );
  return (
    <>
      saved by {updated_by.name} <Ago at={updated_at} />
    </>
  );
}

/** The address to hand on: whoever opens it signs in first. */
function CopyLink({ url }: { url: string }) {
  return (
    <CopyButton value={url} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          variant="default"
          leftSection={
            copied ? <IconCheck size={16} /> : <IconLink size={16} />
          }
          onClick={copy}
        >
          {copied ? "Copied" : "Copy link"}
        </Button>
      )}
    </CopyButton>
  );
}

function Remove({
  postmortem: { id, title },
}: {
  postmortem: PostmortemDetail;
}) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the postmortem"
      name={title}
      run={async () => {
        await removePostmortem({ path: { postmortem_id: id } });
        await navigate({ to: "/postmortems" });
        await queryClient.invalidateQueries({ queryKey: ["postmortems"] });
      }}
    >
      It is taken out of the list, and nobody is reminded of its action items
      any more.
    </DeleteButton>
  );
}
