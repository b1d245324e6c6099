import {
  Button,
  FileButton,
  Group,
  Modal,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { readWorkflowFile } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { useKept } from "../../ui/use-kept";
import { graphOf } from "./graph";
import classes from "./Library.module.css";
import { templatesQuery } from "./queries";
import { useKeptGraph } from "./use-draft";
import { LIBRARY } from "./words";

interface Props {
  opened: boolean;
  onClose: () => void;
}

/** What a new workflow can begin with. */
export function Library({ opened, onClose }: Props) {
  const small = useMediaQuery("(max-width: 47.99em)");
  const templates = useQuery({ ...templatesQuery, enabled: opened });
  const navigate = useNavigate();
  const begin = (search: Record<string, string>) =>
    void navigate({
      to: "/workflows/$workflowId",
      params: { workflowId: "new" },
      search,
    });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Begin with"
      size="xl"
      fullScreen={small}
    >
      <Stack>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => begin({})}
          >
            An empty canvas
          </Button>
          <ImportButton onRead={(name) => begin({ file: "1", name })} />
        </Group>
        <Loaded what="The library" query={templates}>
          {(library) =>
            [...new Set(library.map(({ group }) => group))].map((group) => (
              <div key={group}>
                <Title order={3} mb={6}>
                  {LIBRARY[group] ?? group}
                </Title>
                <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
                  {library
                    .filter((each) => each.group === group)
                    .map(({ id, name, description, content }) => (
                      <UnstyledButton
                        key={id}
                        className={classes.template}
                        onClick={() => begin({ template: id })}
                      >
                        <Paper withBorder p="sm" h="100%">
                          <Text size="sm" fw={600}>
                            {name}
                          </Text>
                          <Text size="sm" c="dimmed">
                            {description}
                          </Text>
                          <Text size="xs" c="dimmed" mt={4}>
                            {content.nodes?.length ?? 0} steps
                          </Text>
                        </Paper>
                      </UnstyledButton>
                    ))}
                </SimpleGrid>
              </div>
            ))
          }
        </Loaded>
      </Stack>
    </Modal>
  );
}

function ImportButton({ onRead }: { onRead: (name: string) => void }) {
  const { keep } = useKeptGraph("new file", null);
  const [, setDescription] = useKept("new file description");
  const [, setName] = useKept("new file name");
  const { mutate, isPending, error } = useMutation({
    mutationFn: async (file: File) =>
      readWorkflowFile({ body: { yaml: await file.text() } }),
    meta: { showsErrors: true },
    onSuccess: ({ name, description, content }) => {
      keep(graphOf(content));
      setDescription(description);
      setName(name);
      onRead(name);
    },
  });
  return (
    <>
      <FileButton
        accept=".yaml,.yml,text/yaml"
        onChange={(file) => file && mutate(file)}
      >
        {(props) => (
          <Button
            {...props}
            variant="default"
            loading={isPending}
            leftSection={<IconFileImport size={16} />}
          >
            A YAML file
          </Button>
        )}
      </FileButton>
      <Problem text={error?.message} />
    </>
  );
}
