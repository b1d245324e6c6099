import {
  Button,
  Group,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  type PostmortemDetail,
  refreshPostmortemTimeline,
} from "../../api/generated";
import { useMe } from "../../me";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Section";
import { ActionItems } from "./ActionItems";
import { BodyEditor } from "./BodyEditor";
import { ImpactFields } from "./ImpactFields";
import { LinkedIncidents } from "./LinkedIncidents";
import { MoveButtons } from "./Moves";
import { postmortemQuery, tagsQuery } from "./queries";
import { SaveState } from "./SaveState";
import { TimelineEditor } from "./TimelineEditor";
import { useDraft } from "./use-draft";

interface Props {
  /** what the server had when writing began */
  initial: PostmortemDetail;
  /** what it has now */
  postmortem: PostmortemDetail;
  onTakeOver: () => Promise<PostmortemDetail>;
}

/** Everything that is written together, saved whenever one pauses. */
export function Editor({ initial, postmortem, onTakeOver }: Props) {
  const me = useMe();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const draft = useDraft(initial);
  const tags = useQuery(tagsQuery).data ?? [];
  const { content, change, send } = draft;
  const { id } = postmortem;
  const holder = postmortem.lock?.holder;
  const leave = () =>
    void navigate({
      to: "/postmortems/$postmortemId",
      params: { postmortemId: id },
    });
  const finish = async () => {
    // what could not be saved must not be left behind
    if (!(await send())) return;
    await queryClient.invalidateQueries({
      queryKey: postmortemQuery(id).queryKey,
    });
    leave();
  };
  /** Something changed it on the server: go on from there. */
  const goOn = (changed: PostmortemDetail) => {
    queryClient.setQueryData(postmortemQuery(id).queryKey, changed);
    draft.start(changed);
  };
  return (
    <Page
      title={content.title}
      head={
        <Stack gap="xs">
          <Group justify="space-between" gap="xs">
            <SaveState
              draft={draft}
              other={holder && holder.id !== me.id ? holder.name : undefined}
              onTakeOver={async () => {
                const taken = await onTakeOver();
                queryClient.setQueryData(postmortemQuery(id).queryKey, taken);
                return taken;
              }}
              fetchNewest={() =>
                queryClient.fetchQuery({ ...postmortemQuery(id), staleTime: 0 })
              }
            />
            <Group gap="xs">
              <Button variant="default" onClick={finish}>
                Done
              </Button>
              <MoveButtons
                postmortem={postmortem}
                before={send}
                onMoved={leave}
              />
            </Group>
          </Group>
          <TextInput
            label="Title"
            maxLength={300}
            value={content.title}
            error={content.title.trim() === "" && "It needs a title"}
            onChange={(event) => change({ title: event.currentTarget.value })}
          />
        </Stack>
      }
    >
      <Stack gap="xl">
        <Textarea
          label="Summary"
          description="What everybody should know: it stands in the list"
          autosize
          minRows={2}
          maxLength={4000}
          value={content.summary}
          onChange={(event) => change({ summary: event.currentTarget.value })}
        />
        <BodyEditor
          postmortemId={id}
          body={content.body}
          onChange={(body) => change({ body })}
        />
        <ImpactFields
          impact={content.impact}
          onChange={(impact) => change({ impact })}
        />
        <TimelineEditor
          lines={content.timeline}
          onChange={(timeline) => change({ timeline })}
          onRefresh={async () => {
            if (!(await send())) return;
            goOn(
              await refreshPostmortemTimeline({ path: { postmortem_id: id } }),
            );
          }}
        />
        <ActionItems postmortem={postmortem} />
        <Section title="About">
          <LinkedIncidents
            postmortem={postmortem}
            before={send}
            onChanged={goOn}
          />
          <TagsInput
            label="Tags"
            description="Press Enter after each"
            data={tags}
            maxTags={20}
            maw={480}
            value={content.tags}
            onChange={(next) =>
              change({ tags: next.map((tag) => tag.slice(0, 40)) })
            }
          />
        </Section>
      </Stack>
    </Page>
  );
}
