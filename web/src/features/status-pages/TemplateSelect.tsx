import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { templatesQuery } from "./queries";

const NONE = "";

interface Props {
  pageId: string;
  /** null: the usual words */
  onChoose: (id: string | null) => void;
}

/** Words that are ready; nothing while a page has none. */
export function TemplateSelect({ pageId, onChoose }: Props) {
  const templates = useQuery(templatesQuery(pageId)).data ?? [];
  const [chosen, setChosen] = useState(NONE);
  if (templates.length === 0) return null;
  return (
    <Select
      label="Words"
      description="A template fills in what follows; read it, change it"
      data={[
        { value: NONE, label: "The usual words" },
        ...templates.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      allowDeselect={false}
      value={chosen}
      onChange={(id) => {
        setChosen(id ?? NONE);
        onChoose(id || null);
      }}
    />
  );
}
