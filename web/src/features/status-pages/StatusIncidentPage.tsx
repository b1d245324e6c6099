import { Button, Group, Menu, Stack, Text } from "@mantine/core";
import {
  IconDots,
  IconExternalLink,
  IconPencil,
  IconSpeakerphone,
} from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import {
  deleteStatusIncident,
  type StatusIncident,
  type StatusPage,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { TypedConfirm } from "../../ui/TypedConfirm";
import { IncidentForm } from "./IncidentForm";
import { useMay } from "./may";
import { pageQuery, statusIncidentQuery } from "./queries";
import { IMPACTS, STAGES, STATES } from "./states";
import classes from "./Tell.module.css";
import { UpdateForm } from "./UpdateForm";
import { Updates } from "./Updates";

/** One incident as it is told outside: how it is, and every update. */
export function StatusIncidentPage() {
  const { statusIncidentId } = useParams({
    from: "/frame/status-incidents/$statusIncidentId",
  });
  const query = useQuery(statusIncidentQuery(statusIncidentId));
  const pageId = query.data?.page_id ?? "";
  const page = useQuery({ ...pageQuery(pageId), enabled: pageId !== "" });
  if (query.data && page.data)
    return <One incident={query.data} page={page.data} />;
  return (
    <Page title="Told outside">
      <Loaded what="This" query={query.data ? page : query}>
        {() => null}
      </Loaded>
    </Page>
  );
}

interface Props {
  incident: StatusIncident;
  page: StatusPage;
}

type Dialog = "tell" | "edit" | "remove";

function One({ incident, page }: Props) {
  const may = useMay(page);
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  return (
    <Page
      title={incident.name}
      actions={
        <>
          <Button
            component="a"
            href={incident.url}
            target="_blank"
            rel="noopener"
            variant="default"
            leftSection={<IconExternalLink size={16} />}
          >
            As people see it
          </Button>
          {may.publish && <More may={may} onChoose={setDialog} />}
        </>
      }
    >
      <Facts incident={incident} page={page} />
      {may.publish && (
        <div className={classes.publish}>
          <Button
            className={classes.button}
            leftSection={<IconSpeakerphone size={18} />}
            onClick={() => setDialog("tell")}
          >
            Tell more
          </Button>
        </div>
      )}
      <Section title="What was told">
        <Updates
          page={page}
          updates={incident.updates}
          mayCorrect={may.publish}
        />
      </Section>
      {dialog === "tell" && (
        <UpdateForm incident={incident} page={page} onClose={close} />
      )}
      {dialog === "edit" && (
        <IncidentForm incident={incident} page={page} onClose={close} />
      )}
      <Remove
        incident={incident}
        page={page}
        opened={dialog === "remove"}
        onClose={close}
      />
    </Page>
  );
}

interface MoreProps {
  may: { edit: boolean };
  onChoose: (dialog: Dialog) => void;
}

function More({ may, onChoose }: MoreProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label="More actions">
          <IconDots size={18} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={16} />}
          onClick={() => onChoose("edit")}
        >
          Title, impact, postmortem…
        </Menu.Item>
        {may.edit && (
          <Menu.Item onClick={() => onChoose("remove")}>
            Take it off the page…
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function Facts({ incident, page }: Props) {
  const { status, started_at, resolved_at, chosen_impact } = incident;
  const own = incident.incident;
  return (
    <Stack gap={6}>
      <Group gap="md">
        <StateLabel {...STAGES[status]} />
        <Text size="sm" c="dimmed">
          on{" "}
          <TextLink to="/status-pages/$pageId" params={{ pageId: page.id }}>
            {page.name}
          </TextLink>{" "}
          · since <Ago at={started_at} />
          {resolved_at && (
            <>
              {" "}
              · over <Ago at={resolved_at} />
            </>
          )}
          {chosen_impact &&
            ` · ${IMPACTS[chosen_impact].toLowerCase()} impact, chosen by hand`}
        </Text>
      </Group>
      {own && (
        <Text size="sm">
          Tells of{" "}
          <TextLink to="/incidents/$incidentId" params={{ incidentId: own.id }}>
            {own.name}
          </TextLink>
        </Text>
      )}
      {resolved_at && incident.components.length > 0 && (
        <Text size="sm" c="dimmed">
          While it lasted:
        </Text>
      )}
      {incident.components.map(({ component_id, name, state }) => (
        <Group key={component_id} gap="md">
          <Text size="sm">{name}</Text>
          <StateLabel {...STATES[state]} />
        </Group>
      ))}
      {incident.postmortem_url && (
        <Text size="sm">
          Postmortem:{" "}
          <a href={incident.postmortem_url}>{incident.postmortem_url}</a>
        </Text>
      )}
    </Stack>
  );
}

interface RemoveProps extends Props {
  opened: boolean;
  onClose: () => void;
}

function Remove({ incident, page, opened, onClose }: RemoveProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <TypedConfirm
      opened={opened}
      onClose={onClose}
      title={`Take ${incident.name} off the page`}
      action="Take it off"
      name={incident.name}
      run={async () => {
        const path = { status_incident_id: incident.id };
        await deleteStatusIncident({ path });
        await navigate({
          to: "/status-pages/$pageId",
          params: { pageId: page.id },
        });
        await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      }}
    >
      All that was told about it goes with it. To put something right, correct
      an update instead: that leaves a trace.
    </TypedConfirm>
  );
}
