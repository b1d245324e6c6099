import {
  Button,
  Group,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  createPostmortemTemplate,
  deletePostmortemTemplate,
  type PostmortemTemplate,
  putPostmortemTemplate,
} from "../../api/generated";
import { useMe } from "../../me";
import { DeleteButton } from "../../ui/DeleteButton";
import { FormModal } from "../../ui/FormModal";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Row, Rows } from "../../ui/Rows";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { Places } from "./Places";
import { templatesQuery } from "./queries";
import { Tracker } from "./Tracker";

const OF_ALL = "all";
type Written = { id?: string; name: string; body: string };

/** What postmortems may begin as. */
export function TemplatesPage() {
  const me = useMe();
  const teams = useEditableTeams();
  const first = me.platform_admin ? OF_ALL : teams[0]?.id;
  const [chosen, setChosen] = useState<string>();
  const owner = chosen ?? first;
  const teamId = owner === OF_ALL ? undefined : owner;
  const query = useQuery(templatesQuery(teamId));
  const [written, setWritten] = useState<Written>();
  const isEditable = (template: PostmortemTemplate) =>
    template.id !== null &&
    (template.team_id === null
      ? me.platform_admin
      : teams.some(({ id }) => id === template.team_id));
  return (
    <Page
      title="Templates"
      actions={
        owner && (
          <Button
            leftSection={<IconPlus size={16} />}
            onClick={() => setWritten({ name: "", body: "## What happened\n" })}
          >
            New template
          </Button>
        )
      }
    >
      <Places />
      {owner && (
        <Group>
          <Select
            label="Whose"
            data={[
              ...(me.platform_admin
                ? [{ value: OF_ALL, label: "All teams" }]
                : []),
              ...teams.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            allowDeselect={false}
            value={owner}
            onChange={(next) => setChosen(next ?? undefined)}
          />
        </Group>
      )}
      <Loaded what="The templates" query={query}>
        {(templates) => (
          <Rows label="Templates">
            {templates.map((template) => (
              <TemplateRow
                key={template.key}
                template={template}
                onEdit={
                  isEditable(template)
                    ? () =>
                        setWritten({
                          id: template.id ?? undefined,
                          name: template.name,
                          body: template.body,
                        })
                    : undefined
                }
              />
            ))}
          </Rows>
        )}
      </Loaded>
      {teamId && <Tracker teamId={teamId} />}
      {written && (
        <Write
          initial={written}
          teamId={teamId ?? null}
          onClose={() => setWritten(undefined)}
        />
      )}
    </Page>
  );
}

interface RowProps {
  template: PostmortemTemplate;
  onEdit: (() => void) | undefined;
}

function TemplateRow({ template, onEdit }: RowProps) {
  const { id, name, means, team_id } = template;
  const queryClient = useQueryClient();
  const whose = team_id ? "Of this team" : "Of all teams";
  return (
    <Row
      main={
        <>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {id === null ? `Comes with PageFree · ${means}` : whose}
          </Text>
        </>
      }
      side={
        id !== null &&
        onEdit && (
          <Group gap="xs" wrap="nowrap">
            <Button size="compact-md" variant="default" onClick={onEdit}>
              Edit
            </Button>
            <DeleteButton
              what="the template"
              name={name}
              run={async () => {
                await deletePostmortemTemplate({
                  path: { postmortem_template_id: id },
                });
                await queryClient.invalidateQueries({
                  queryKey: ["postmortem-templates"],
                });
              }}
            >
              What was begun from it stays as it is.
            </DeleteButton>
          </Group>
        )
      }
    />
  );
}

interface WriteProps {
  initial: Written;
  teamId: string | null;
  onClose: () => void;
}

function Write({ initial, teamId, onClose }: WriteProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState(initial.name);
  const [body, setBody] = useState(initial.body);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      initial.id
        ? putPostmortemTemplate({
            path: { postmortem_template_id: initial.id },
            body: { name, body },
          })
        : createPostmortemTemplate({ body: { name, body, team_id: teamId } }),
    meta: { showsErrors: true },
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({
        queryKey: ["postmortem-templates"],
      });
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title={initial.id ? "Edit the template" : "New template"}
      action="Save the template"
      busy={isPending}
      disabled={name.trim() === ""}
      problem={error?.message}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label="Text, Markdown"
          autosize
          minRows={10}
          maxRows={24}
          maxLength={60_000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
      </Stack>
    </FormModal>
  );
}
