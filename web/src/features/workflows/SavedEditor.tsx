import { Button, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy, IconFlask } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  saveWorkflowVersion,
  type WorkflowOut,
  type WorkflowTriedStep,
  type WorkflowVocabulary,
} from "../../api/generated";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { Editor } from "./Editor";
import type { Graph } from "./graph";
import { KeptNotice } from "./KeptNotice";
import { SaveModal } from "./SaveModal";
import { TryIt } from "./TryIt";
import { useCheck, useKeeping, useKeptGraph } from "./use-draft";
import { useGraph } from "./use-graph";

interface Props {
  workflow: WorkflowOut;
  saved: Graph;
  vocabulary: WorkflowVocabulary;
  mayEdit: boolean;
}

/** The newest version, to be changed and saved as the next one. */
export function SavedEditor({ workflow, saved, vocabulary, mayEdit }: Props) {
  const { id, version, team } = workflow;
  const teamId = team?.id ?? null;
  const queryClient = useQueryClient();
  const { kept, keep } = useKeptGraph(id, version);
  const [original] = useState(saved);
  const [wasKept, setWasKept] = useState(kept !== null);
  const editing = useGraph(kept ?? original);
  const [tried, setTried] = useState<WorkflowTriedStep[] | null>(null);
  const [trying, { toggle }] = useDisclosure();
  const [saving, { open, close }] = useDisclosure();
  const { problems, current } = useCheck(editing.graph, teamId);
  const changed = editing.graph !== original;
  useKeeping(editing.graph, original, keep);
  const sound = problems.length === 0 && editing.graph.nodes.length > 0;
  return (
    <Stack gap="sm">
      <Group justify="end" gap="xs" mt={-4}>
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
        {mayEdit && (
          <Button
            leftSection={<IconDeviceFloppy size={16} />}
            disabled={!changed || !sound || !current}
            onClick={open}
          >
            {changed && !sound ? "Mend it to save" : "Save a version"}
          </Button>
        )}
      </Group>
      {wasKept && changed && (
        <KeptNotice
          discard={`Discard it: back to version ${version}`}
          onDiscard={() => {
            editing.change(original);
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
        mayEdit={mayEdit}
        tried={tried}
      />
      <SaveModal
        opened={saving}
        onClose={close}
        next={(version ?? 0) + 1}
        send={(note) =>
          saveWorkflowVersion({
            path: { workflow_id: id },
            body: { content: editing.graph, note },
          })
        }
        onSaved={async (now) => {
          keep(null);
          toastDone(`Saved as version ${now.version}`);
          queryClient.setQueryData(["workflows", id], now);
          await queryClient.invalidateQueries({ queryKey: ["workflows"] });
        }}
      />
    </Stack>
  );
}
