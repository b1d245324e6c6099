import { Select, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  linkPostmortemIncident,
  type PostmortemDetail,
  unlinkPostmortemIncident,
} from "../../api/generated";
import { ChosenIncidents } from "./ChosenIncidents";
import { resolvedQuery } from "./queries";

interface Props {
  postmortem: PostmortemDetail;
  /** save what was typed; false: it could not be */
  before: () => Promise<boolean>;
  onChanged: (changed: PostmortemDetail) => void;
}

/** The incidents that it is about: more may join, with their events and numbers. */
export function LinkedIncidents({ postmortem, before, onChanged }: Props) {
  const { id, incidents } = postmortem;
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const found = useQuery({
    ...resolvedQuery(wanted),
    placeholderData: keepPreviousData,
  });
  const { mutate } = useMutation({
    mutationFn: async (asked: { incident: string; joins: boolean }) => {
      if (!(await before())) return undefined;
      const path = { postmortem_id: id, incident_id: asked.incident };
      return asked.joins
        ? linkPostmortemIncident({ path })
        : unlinkPostmortemIncident({ path });
    },
    onSuccess: (changed) => {
      if (changed) onChanged(changed);
    },
  });
  const known = new Set(incidents.map((each) => each.id));
  const others = (found.data?.items ?? []).filter(
    (each) => !known.has(each.id),
  );
  return (
    <Stack gap="xs">
      <ChosenIncidents
        incidents={incidents}
        onRemove={
          incidents.length > 1
            ? (incident) => mutate({ incident, joins: false })
            : undefined
        }
      />
      <Select
        label="Another incident"
        description="Its events join the timeline, its numbers count"
        maw={480}
        data={others.map((each) => ({
          value: each.id,
          label: `#${each.number} ${each.title}`,
        }))}
        value={null}
        searchable
        searchValue={text}
        onSearchChange={setText}
        filter={({ options }) => options}
        nothingFoundMessage="No resolved incident fits"
        onChange={(incident) => {
          if (incident) mutate({ incident, joins: true });
          setText("");
        }}
      />
    </Stack>
  );
}
