import { Button, Text } from "@mantine/core";
import { IconFileText, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StatusPage, StatusTemplate } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { useMay } from "./may";
import { templatesQuery } from "./queries";
import { STAGES } from "./states";
import { TemplateForm } from "./TemplateForm";

type Editing = { template?: StatusTemplate };

/** Words that are ready before they are needed. */
export function Templates({ page }: { page: StatusPage }) {
  const may = useMay(page);
  const [editing, setEditing] = useState<Editing>();
  const query = useQuery(templatesQuery(page.id));
  const add = may.edit && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing({})}>
      New template
    </Button>
  );
  return (
    <>
      <Loaded what="The templates" query={query}>
        {(templates) =>
          templates.length === 0 ? (
            <Empty
              icon={<IconFileText size={40} />}
              title="No templates yet"
              action={add}
            >
              At three in the morning nobody finds good words. Write them now; a
              template fills in the components, and whoever publishes reads it
              once more.
            </Empty>
          ) : (
            <>
              <div>{add}</div>
              <Rows label="Templates">
                {templates.map((template) => (
                  <Row
                    key={template.id}
                    main={
                      <>
                        <Text fw={600}>{template.name}</Text>
                        <Text size="sm" c="dimmed" lineClamp={2}>
                          {template.title}: {template.body}
                        </Text>
                      </>
                    }
                    side={
                      <>
                        <StateLabel
                          {...STAGES[template.status ?? "investigating"]}
                        />
                        {may.edit && (
                          <Button
                            variant="subtle"
                            size="compact-sm"
                            aria-label={`Edit ${template.name}`}
                            onClick={() => setEditing({ template })}
                          >
                            Edit
                          </Button>
                        )}
                      </>
                    }
                  />
                ))}
              </Rows>
            </>
          )
        }
      </Loaded>
      {editing && (
        <TemplateForm
          page={page}
          template={editing.template}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}
