import { Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { deleteStatusPage, type StatusPage } from "../../api/generated";
import { DeleteButton } from "../../ui/DeleteButton";
import { Section } from "../../ui/Section";
import { Access } from "./Access";
import { Basics } from "./Basics";
import { Copies } from "./Copies";
import { Pictures } from "./Pictures";
import { Translations } from "./Translations";

/** How a page is set up; each part is saved by itself. */
export function Settings({ page }: { page: StatusPage }) {
  return (
    <Stack gap="xl" maw={720}>
      <Section title="Page">
        <Basics page={page} />
      </Section>
      <Section title="Logo and icon">
        <Pictures page={page} />
      </Section>
      <Section title="Languages and texts">
        <Translations page={page} />
      </Section>
      <Section title="Who may look">
        <Access page={page} />
      </Section>
      <Section title="Copies elsewhere">
        <Copies page={page} />
      </Section>
      <Section title="Delete the page" action={<Remove page={page} />}>
        <Text size="sm" c="dimmed">
          With its components, their recorded uptime, and all that was told on
          it.
        </Text>
      </Section>
    </Stack>
  );
}

function Remove({ page }: { page: StatusPage }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <DeleteButton
      what="the page"
      name={page.name}
      run={async () => {
        await deleteStatusPage({ path: { page_id: page.id } });
        await navigate({ to: "/status-pages" });
        await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      }}
    >
      Its address answers nobody any more. This cannot be taken back.
    </DeleteButton>
  );
}
