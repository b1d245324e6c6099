import { Button, Group, Modal, Paper, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { diffWordsWithSpace } from "diff";
import { useState } from "react";
import {
  type PostmortemDetail,
  type PostmortemVersion,
  restorePostmortemVersion,
} from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { contentOf, textOf } from "./content";
import { postmortemQuery, versionQuery, versionsQuery } from "./queries";
import classes from "./Versions.module.css";

const FIRST = 5;

/** What was saved, and what it changed. */
export function Versions({ postmortem }: { postmortem: PostmortemDetail }) {
  const query = useQuery(versionsQuery(postmortem.id));
  const [all, setAll] = useState(false);
  const [opened, setOpened] = useState<number>();
  return (
    <Section title="Versions">
      <Loaded what="The versions" query={query}>
        {(versions) => (
          <>
            <Stack component="ul" gap={6} p={0} m={0}>
              {(all ? versions : versions.slice(0, FIRST)).map((version) => (
                <Group
                  key={version.number}
                  component="li"
                  gap="xs"
                  wrap="nowrap"
                  align="start"
                >
                  <Button
                    size="compact-sm"
                    variant="default"
                    flex="none"
                    onClick={() => setOpened(version.number)}
                  >
                    Version {version.number}
                  </Button>
                  <Text size="sm" c="dimmed">
                    {version.author.name}, <Ago at={version.saved_at} />
                    {version.note && `: ${version.note}`}
                  </Text>
                </Group>
              ))}
            </Stack>
            {!all && versions.length > FIRST && (
              <Group>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => setAll(true)}
                >
                  Show all {versions.length}
                </Button>
              </Group>
            )}
            {opened !== undefined && (
              <Version
                postmortem={postmortem}
                number={opened}
                before={previous(versions, opened)}
                onClose={() => setOpened(undefined)}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

/** The one that was saved before, if it is kept. */
function previous(versions: readonly PostmortemVersion[], number: number) {
  return versions.find((each) => each.number < number)?.number;
}

interface VersionProps {
  postmortem: PostmortemDetail;
  number: number;
  before: number | undefined;
  onClose: () => void;
}

/** What a version changed, and the way back to it. */
function Version({ postmortem, number, before, onClose }: VersionProps) {
  const { id, can_write, state } = postmortem;
  const queryClient = useQueryClient();
  const query = useQuery(versionQuery(id, number));
  const old = useQuery({
    ...versionQuery(id, before ?? 0),
    enabled: before !== undefined,
  });
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      restorePostmortemVersion({ path: { postmortem_id: id, number } }),
    onSuccess: async (restored) => {
      queryClient.setQueryData(postmortemQuery(id).queryKey, restored);
      toastDone(`Version ${number} is the newest again.`);
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["postmortems"] });
    },
  });
  const mayRestore =
    can_write && state !== "published" && number !== postmortem.version;
  return (
    <Modal opened onClose={onClose} title={`Version ${number}`} size="xl">
      <Stack>
        <Loaded what="The version" query={query}>
          {(version) => (
            <Loaded
              what="The version before"
              query={before === undefined ? { ...old, data: null } : old}
            >
              {(earlier) => (
                <>
                  <Text size="sm" c="dimmed">
                    {earlier
                      ? `Against version ${earlier.number}: what was taken out is struck through, what was put in is underlined.`
                      : "The first version."}
                  </Text>
                  <Difference
                    before={
                      earlier ? textOf(contentOf(earlier.content)) : undefined
                    }
                    after={textOf(contentOf(version.content))}
                  />
                </>
              )}
            </Loaded>
          )}
        </Loaded>
        {mayRestore && (
          <Group justify="end">
            <Button loading={isPending} onClick={() => mutate()}>
              Restore this version
            </Button>
          </Group>
        )}
      </Stack>
    </Modal>
  );
}

interface DifferenceProps {
  before: string | undefined;
  after: string;
}

function Difference({ before, after }: DifferenceProps) {
  const parts = diffWordsWithSpace(before ?? after, after);
  return (
    <Paper withBorder>
      <pre className={classes.text}>
        {parts.map(({ added, removed, value }, at) =>
          removed ? (
            <del key={at} className={classes.removed}>
              {value}
            </del>
          ) : added ? (
            <ins key={at} className={classes.added}>
              {value}
            </ins>
          ) : (
            value
          ),
        )}
      </pre>
    </Paper>
  );
}
