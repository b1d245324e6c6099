import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlugConnected, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { ConnectionForm } from "./ConnectionForm";
import { ConnectionRow } from "./ConnectionRow";
import { Places } from "./Places";
import { connectionsQuery, targetsQuery } from "./queries";

/** The systems that run something for us, and how they are reached. */
export function ConnectionsPage() {
  const query = useQuery(connectionsQuery());
  const targets = useQuery(targetsQuery).data ?? [];
  const mayAdd = useEditableTeams().length > 0;
  const [adding, { open, close }] = useDisclosure();
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New connection
    </Button>
  );
  return (
    <Page title="Connections" actions={add}>
      <Places />
      <Loaded what="The connections" query={query}>
        {(connections) =>
          connections.length > 0 ? (
            <Rows label="Connections">
              {connections.map((each) => (
                <ConnectionRow
                  key={each.id}
                  connection={each}
                  target={targets.find(({ kind }) => kind === each.kind)}
                />
              ))}
            </Rows>
          ) : (
            <Empty
              icon={<IconPlugConnected size={40} />}
              title="No connections yet"
              action={add}
            >
              Runbooks run in systems of yours: AWX, Rundeck, AWS, GitHub,
              GitLab, or a small runner that takes signed requests. A connection
              says where such a system is and keeps its credentials, encrypted
              and never shown again.
            </Empty>
          )
        }
      </Loaded>
      {adding && <ConnectionForm targets={targets} onClose={close} />}
    </Page>
  );
}
