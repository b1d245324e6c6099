import {
  Button,
  Group,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy, IconFlask } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import {
  createWorkflow,
  type WorkflowTriedStep,
  type WorkflowVocabulary,
} from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Page } from "../../ui/Page";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { useKept } from "../../ui/use-kept";
import { Editor } from "./Editor";
import { EMPTY, type Graph, graphOf } from "./graph";
import { KeptNotice } from "./KeptNotice";
import { placed } from "./layout";
import { templatesQuery, vocabularyQuery } from "./queries";
import { EVERYBODY, useOwners } from "./SecretModal";
import { TryIt } from "./TryIt";
import { useCheck, useKeeping, useKeptGraph } from "./use-draft";
import { useGraph } from "./use-graph";

interface Begin {
  key: string;
  name: string;
  description: string;
  graph: Graph;
}

/** A workflow that is not there yet: empty, from the library, or from a file. */
export function NewWorkflow() {
  const search: Record<string, string> = useSearch({
    from: "/frame/workflows/$workflowId",
  });
  const templates = useQuery(templatesQuery);
  const vocabulary = useQuery(vocabularyQuery);
  return (
    <Page title="New workflow">
      <Loaded what="The kinds of steps" query={vocabulary}>
        {(words) => (
          <Loaded what="The library" query={templates}>
            {(library) => {
              const chosen = library.find(({ id }) => id === search.template);
              const begin: Begin = chosen
                ? {
                    key: `new ${chosen.id}`,
                    name: chosen.name,
                    description: chosen.description,
                    graph: graphOf(chosen.content),
                  }
                : {
                    key: search.file ? "new file" : "new",
                    name: search.name ?? "",
                    description: "",
                    graph: EMPTY,
                  };
              return <Draft key={begin.key} begin={begin} vocabulary={words} />;
            }}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Draft({
  begin,
  vocabulary,
}: {
  begin: Begin;
  vocabulary: WorkflowVocabulary;
}) {
  const { kept, keep } = useKeptGraph(begin.key, null);
  const owners = useOwners();
  const [name, setName] = useKept(`${begin.key} name`);
  const [description, setDescription] = useKept(`${begin.key} description`);
  const [owner, setOwner] = useState<string | null>(null);
  const scope = owner ?? owners.find(({ value }) => value !== EVERYBODY)?.value;
  const teamId = scope === EVERYBODY || !scope ? null : scope;
  const [original] = useState(begin.graph);
  const [drawn] = useState(() => placed(kept ?? original));
  const editing = useGraph(drawn);
  const [tried, setTried] = useState<WorkflowTriedStep[] | null>(null);
  const [trying, { toggle }] = useDisclosure();
  const { problems, current } = useCheck(editing.graph, teamId);
  useKeeping(editing.graph, drawn, keep);
  const sound = problems.length === 0 && editing.graph.nodes.length > 0;
  const called = name || begin.name;
  const [wasKept, setWasKept] = useState(kept !== null);
  const { create, isPending, problem } = useCreate(() => {
    keep(null);
    setName("");
    setDescription("");
  });
  return (
    <Stack gap="sm">
      <Group align="end" gap="sm">
        <TextInput
          label="Name"
          required
          maxLength={100}
          flex="2 1 220px"
          placeholder="Critical on payments"
          value={called}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Whose it is"
          flex="1 1 180px"
          data={owners}
          allowDeselect={false}
          value={scope ?? EVERYBODY}
          onChange={setOwner}
        />
        <Textarea
          label="What it is for"
          flex="3 1 260px"
          autosize
          maxLength={2000}
          value={description || begin.description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group gap="xs">
          <Button
            variant={trying ? "light" : "default"}
            leftSection={<IconFlask size={16} />}
            aria-expanded={trying}
            onClick={() => {
              setTried(null);
              toggle();
            }}
          >
            Dry run
          </Button>
          <Button
            leftSection={<IconDeviceFloppy size={16} />}
            loading={isPending}
            disabled={!sound || !current || !called.trim()}
            onClick={() =>
              create({
                name: called.trim(),
                description: description || begin.description,
                team_id: teamId,
                content: editing.graph,
              })
            }
          >
            Save the workflow
          </Button>
        </Group>
      </Group>
      <Problem text={problem} />
      {wasKept && (
        <KeptNotice
          discard="Discard it"
          onDiscard={() => {
            editing.change(placed(original));
            keep(null);
            setName("");
            setDescription("");
            setWasKept(false);
          }}
        />
      )}
      {trying && (
        <Section title="Dry run">
          <TryIt
            graph={editing.graph}
            content={editing.graph}
            vocabulary={vocabulary}
            teamId={teamId}
            sound={sound}
            onTried={setTried}
          />
        </Section>
      )}
      <Editor
        editing={editing}
        vocabulary={vocabulary}
        problems={problems}
        teamId={teamId}
        mayEdit
        tried={tried}
      />
    </Stack>
  );
}

function useCreate(forget: () => void) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (body: Parameters<typeof createWorkflow>[0]["body"]) =>
      createWorkflow({ body }),
    meta: { showsErrors: true },
    onSuccess: async ({ id, name }) => {
      forget();
      toastDone(`${name} is saved; switch it on when you trust it`);
      await queryClient.invalidateQueries({ queryKey: ["workflows"] });
      await navigate({
        to: "/workflows/$workflowId",
        params: { workflowId: id },
        search: {},
        replace: true,
      });
    },
  });
  return { create: mutate, isPending, problem: error?.message };
}
