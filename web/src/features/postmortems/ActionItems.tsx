import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { addActionItem, type PostmortemDetail } from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { type Person, PersonSelect } from "../../ui/PersonSelect";
import { Problem } from "../../ui/Problem";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { ItemRow } from "./ItemRow";
import { itemsQuery } from "./queries";

/** What is changed so that it does not happen again. */
export function ActionItems({ postmortem }: { postmortem: PostmortemDetail }) {
  const query = useQuery(itemsQuery(postmortem.id));
  return (
    <Section title="Action items">
      <Loaded what="The action items" query={query}>
        {(items) =>
          items.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing is to be done.
            </Text>
          ) : (
            <Rows label="Action items">
              {items.map((item) => (
                <ItemRow
                  key={item.id}
                  item={item}
                  canWrite={postmortem.can_write}
                />
              ))}
            </Rows>
          )
        }
      </Loaded>
      {postmortem.can_write && <Add postmortemId={postmortem.id} />}
    </Section>
  );
}

function Add({ postmortemId }: { postmortemId: string }) {
  const queryClient = useQueryClient();
  const [text, setText] = useState("");
  const [owner, setOwner] = useState<Person | null>(null);
  const [due, setDue] = useState("");
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      addActionItem({
        path: { postmortem_id: postmortemId },
        body: {
          text: text.trim(),
          owner_id: owner?.id ?? null,
          due_on: due || null,
        },
      }),
    meta: { showsErrors: true },
    onSuccess: async () => {
      setText("");
      setDue("");
      await queryClient.invalidateQueries({ queryKey: ["postmortems"] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="xs">
        <Group gap="xs" align="end">
          <TextInput
            label="What is to be done"
            maxLength={300}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            style={{ flex: "2 1 240px" }}
          />
          <div style={{ flex: "1 1 150px" }}>
            <PersonSelect label="Owner" value={owner} onPick={setOwner} />
          </div>
          <TextInput
            type="date"
            label="Due"
            value={due}
            onChange={(event) => setDue(event.currentTarget.value)}
            style={{ flex: "0 1 150px" }}
          />
          <Button
            type="submit"
            variant="default"
            leftSection={<IconPlus size={16} />}
            loading={isPending}
            disabled={text.trim() === ""}
          >
            Add
          </Button>
        </Group>
        <Problem text={error?.message} />
      </Stack>
    </form>
  );
}
