import { MultiSelect, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { TextLink } from "../../ui/links";
import { SchemaFields } from "../../ui/SchemaFields";
import { Section } from "../../ui/Section";
import { fieldsOf, filled, initialValues } from "../../ui/schema";
import type { Draft } from "./draft";
import { connectionsQuery, targetsQuery } from "./queries";

interface Props {
  draft: Draft;
  teamId: string | null;
  errors: Readonly<Record<string, string>>;
  onChange: (part: Partial<Draft>) => void;
}

/** What runs it, through which connection, and what it is told there. */
export function TargetFields({ draft, teamId, errors, onChange }: Props) {
  const targets = useQuery(targetsQuery).data ?? [];
  const found = useQuery(connectionsQuery(teamId ?? undefined));
  const all = found.data ?? [];
  // what is of all may only use what is of all
  const usable = teamId ? all : all.filter(({ team }) => team === null);
  const connections = usable.filter(({ kind }) => kind === draft.target);
  const target = targets.find(({ kind }) => kind === draft.target);
  const fields = useMemo(() => fieldsOf(target?.content_schema), [target]);
  const choose = (kind: string | null) => {
    const chosen = targets.find((each) => each.kind === kind);
    const inputs = fieldsOf(chosen?.content_schema);
    const fit = usable.filter((each) => each.kind === kind);
    onChange({
      target: kind ?? "",
      content: filled(inputs, initialValues(inputs)),
      connection_ids: fit.length === 1 ? fit.map(({ id }) => id) : [],
    });
  };
  return (
    <Section title="What runs">
      <Select
        label="Target"
        description={target?.summary ?? "The kind of system that runs it"}
        placeholder="Choose one"
        // the only connection there is comes chosen: it has to be known
        disabled={found.isPending}
        data={targets.map(({ kind, title }) => ({ value: kind, label: title }))}
        allowDeselect={false}
        withAsterisk
        value={draft.target || null}
        error={errors.target}
        onChange={choose}
      />
      {target && connections.length === 0 && (
        <Text size="sm">
          There is no connection to {target.title} that may be used here. An
          admin adds one under{" "}
          <TextLink to="/runbooks/connections" inherit>
            Connections
          </TextLink>
          .
        </Text>
      )}
      {target && connections.length > 0 && (
        <MultiSelect
          label="Connections"
          description="Where it may run; with several, whoever runs it chooses"
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          withAsterisk
          value={draft.connection_ids}
          error={errors.connection_ids}
          onChange={(connection_ids) => onChange({ connection_ids })}
        />
      )}
      {target && (
        <SchemaFields
          key={target.kind}
          fields={fields}
          values={initialValues(fields, draft.content)}
          errors={errors}
          onChange={(values) => onChange({ content: filled(fields, values) })}
        />
      )}
    </Section>
  );
}
