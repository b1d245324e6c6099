import {
  Alert,
  MultiSelect,
  Select,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  type Connection,
  createTargetConnection,
  putTargetConnection,
  type RunbookTarget,
} from "../../api/generated";
import { teamsQuery } from "../../api/queries";
import { useMe } from "../../me";
import { FormModal } from "../../ui/FormModal";
import { fieldProblems } from "../../ui/field-problems";
import { Markdown } from "../../ui/Markdown";
import { SchemaFields } from "../../ui/SchemaFields";
import { filled, initialValues } from "../../ui/schema";
import { toastDone } from "../../ui/toast";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { asksSecretsAnew, connectionFields } from "./connection-draft";

const OF_ALL = "all";

interface Props {
  targets: readonly RunbookTarget[];
  kept?: Connection;
  onClose: () => void;
}

/** How a system is reached; saving asks it whether it takes the credentials. */
export function ConnectionForm({ targets, kept, onClose }: Props) {
  const me = useMe();
  const queryClient = useQueryClient();
  const own = useEditableTeams();
  const teams = useQuery(teamsQuery).data ?? [];
  const [kind, setKind] = useState(kept?.kind ?? null);
  const target = targets.find((each) => each.kind === kind);
  const fields = useMemo(
    () => connectionFields(target, kept !== undefined),
    [target, kept],
  );
  const [name, setName] = useState(kept?.name ?? "");
  const [owner, setOwner] = useState(kept ? kept.team?.id : own[0]?.id);
  const [teamIds, setTeamIds] = useState(kept?.team_ids ?? []);
  const [networks, setNetworks] = useState(kept?.networks ?? []);
  const [values, setValues] = useState(() =>
    initialValues(fields, kept?.values),
  );
  const shown = initialValues(fields, values);
  const { mutate, isPending, error } = useMutation({
    mutationFn: () => {
      const body = {
        name: name.trim(),
        values: filled(fields, shown),
        team_ids: owner ? teamIds : [],
        networks,
      };
      return kept
        ? putTargetConnection({ path: { connection_id: kept.id }, body })
        : createTargetConnection({
            body: { ...body, kind: kind ?? "", team_id: owner ?? null },
          });
    },
    meta: { showsErrors: true },
    onSuccess: async () => {
      toastDone(`${name.trim()} takes the credentials and is saved`);
      await Promise.all(
        ["target-connections", "runbooks"].map((key) =>
          queryClient.invalidateQueries({ queryKey: [key] }),
        ),
      );
      onClose();
    },
  });
  const problems = fieldProblems(error?.message, fields);
  const anew = asksSecretsAnew(kept, shown);
  return (
    <FormModal
      opened
      onClose={onClose}
      title={kept ? `Edit ${kept.name}` : "New connection"}
      action="Test and save"
      disabled={!target || name.trim() === ""}
      busy={isPending}
      problem={problems.rest}
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      {!kept && (
        <Select
          label="Kind"
          description={target?.summary}
          placeholder="What runs it"
          data={targets.map((each) => ({
            value: each.kind,
            label: each.title,
          }))}
          allowDeselect={false}
          withAsterisk
          value={kind}
          onChange={(next) => {
            setKind(next);
            setValues({});
          }}
        />
      )}
      <TextInput
        label="Name"
        placeholder={target ? `${target.title} of production` : undefined}
        maxLength={100}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      {!kept && (
        <Select
          label="Whose it is"
          description="Its admins change it"
          data={[
            ...own.map((each) => ({ value: each.id, label: each.name })),
            ...(me.platform_admin
              ? [{ value: OF_ALL, label: "All teams (platform admins)" }]
              : []),
          ]}
          allowDeselect={false}
          value={owner ?? OF_ALL}
          onChange={(next) =>
            setOwner(next === OF_ALL ? undefined : (next ?? undefined))
          }
        />
      )}
      {owner && (
        <MultiSelect
          label="Other teams that may use it"
          data={teams
            .filter(({ id }) => id !== owner)
            .map((each) => ({ value: each.id, label: each.name }))}
          value={teamIds}
          onChange={setTeamIds}
        />
      )}
      {target && (
        <SchemaFields
          key={target.kind}
          fields={fields}
          values={shown}
          onChange={setValues}
          errors={problems.fields}
        />
      )}
      {anew && (
        <Alert color="yellow" variant="light">
          With another address the secret has to be typed in once more, and
          runbooks that use this connection have to be approved anew.
        </Alert>
      )}
      {(me.platform_admin || networks.length > 0) && (
        <TagsInput
          label="Internal networks it may reach"
          description={
            me.platform_admin
              ? "For a private address: as narrow as 10.1.2.3/32. Leave it empty for addresses on the internet"
              : "Only a platform admin opens more"
          }
          placeholder={networks.length === 0 ? "10.1.2.3/32" : ""}
          value={networks}
          onChange={setNetworks}
        />
      )}
      {!me.platform_admin && networks.length === 0 && (
        <Text size="sm" c="dimmed">
          For a private address, such as 10.1.2.3, a platform admin makes the
          connection, because it opens a network.
        </Text>
      )}
      {target && (
        <details>
          <summary>
            <Text span size="sm">
              What {target.title} has to allow
            </Text>
          </summary>
          <Markdown text={target.readme.replace(/^# .*\n+/, "")} />
        </details>
      )}
    </FormModal>
  );
}
