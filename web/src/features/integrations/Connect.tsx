import { Paper, SimpleGrid, Text, UnstyledButton } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { kindsQuery } from "../../api/queries";
import { Loaded } from "../../ui/Loaded";
import classes from "./Connect.module.css";
import { NewIntegrationForm } from "./NewIntegrationForm";

interface Props {
  serviceId: string | undefined;
  kind: string | undefined;
  onKind: (kind: string) => void;
}

/** Choose the tool, then say what it watches. */
export function Connect({ serviceId, kind, onKind }: Props) {
  const query = useQuery(kindsQuery);
  return (
    <Loaded what="The catalogue" query={query}>
      {(kinds) => {
        const chosen = kinds.find((each) => each.kind === kind);
        return (
          <>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
              {kinds.map((each) => (
                <UnstyledButton
                  key={each.kind}
                  aria-pressed={each.kind === kind}
                  onClick={() => onKind(each.kind)}
                >
                  <Paper withBorder p="md" h="100%" className={classes.kind}>
                    <IconPlugConnected size={24} stroke={1.5} aria-hidden />
                    <Text fw={600}>{each.title}</Text>
                    <Text size="sm" c="dimmed" ff="monospace">
                      POST {each.ingest_path}
                    </Text>
                  </Paper>
                </UnstyledButton>
              ))}
            </SimpleGrid>
            {chosen ? (
              <NewIntegrationForm
                key={chosen.kind}
                kind={chosen}
                serviceId={serviceId}
              />
            ) : (
              <Text size="sm" c="dimmed">
                Choose what will report. Its set-up follows, ready to paste.
              </Text>
            )}
          </>
        );
      }}
    </Loaded>
  );
}
