import {
  Button,
  Group,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import {
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  getNotificationPreferences,
  type NotificationPreferences,
  putNotificationPreferences,
} from "../../api/generated";
import { useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { Problem } from "../../ui/Problem";
import { Section } from "../../ui/Section";
import { toastDone } from "../../ui/toast";
import { LANGUAGES, quietWords, USUAL } from "./quiet-words";

function preferencesQuery(userId: string) {
  return queryOptions({
    queryKey: ["notification-preferences", userId],
    queryFn: ({ signal }) =>
      getNotificationPreferences({ path: { user_id: userId }, signal }),
  });
}

/** When one wants peace, and in which language one is told. */
export function Preferences() {
  const me = useMe();
  const query = useQuery(preferencesQuery(me.id));
  return (
    <Section title="Peace and quiet">
      <Loaded what="Your preferences" query={query}>
        {(stored) => <Form userId={me.id} stored={stored} />}
      </Loaded>
    </Section>
  );
}

interface Props {
  userId: string;
  stored: NotificationPreferences;
}

function Form({ userId, stored }: Props) {
  const queryClient = useQueryClient();
  const [wanted, setWanted] = useState(stored);
  const change = (part: Partial<NotificationPreferences>) =>
    setWanted({ ...wanted, ...part });
  const { mutate, isPending, error } = useMutation({
    mutationFn: () =>
      putNotificationPreferences({ path: { user_id: userId }, body: wanted }),
    meta: { showsErrors: true },
    onSuccess: (saved) => {
      queryClient.setQueryData(preferencesQuery(userId).queryKey, saved);
      setWanted(saved);
      toastDone("Saved");
    },
  });
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        mutate();
      }}
    >
      <Stack gap="sm">
        <Quiet wanted={wanted} onChange={change} />
        <Switch
          label="Page me for what can wait while I am not on call"
          checked={wanted.low_off_duty}
          onChange={({ currentTarget: { checked } }) =>
            change({ low_off_duty: checked })
          }
        />
        <Switch
          label="Weekly digest"
          description="A mail on Mondays, where there is something to tell"
          checked={wanted.weekly_digest ?? true}
          onChange={({ currentTarget: { checked } }) =>
            change({ weekly_digest: checked })
          }
        />
        <Select
          label="Language"
          description="Of calls, messages, notices, the digest, and answers to what you write. The app itself speaks English."
          maw={280}
          allowDeselect={false}
          data={
            LANGUAGES.some(({ value }) => value === wanted.language)
              ? LANGUAGES
              : [
                  ...LANGUAGES,
                  { value: wanted.language, label: wanted.language },
                ]
          }
          value={wanted.language}
          onChange={(language) => language && change({ language })}
        />
        <Problem text={error?.message} />
        <Group>
          <Button
            type="submit"
            loading={isPending}
            disabled={JSON.stringify(wanted) === JSON.stringify(stored)}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface QuietProps {
  wanted: NotificationPreferences;
  onChange: (part: Partial<NotificationPreferences>) => void;
}

function Quiet({ wanted, onChange }: QuietProps) {
  const { time_zone } = useMe();
  const { quiet_from, quiet_to, quiet_urgent } = wanted;
  const on = quiet_from !== null && quiet_to !== null;
  return (
    <>
      <Switch
        label="Quiet hours"
        description="Pages that can wait are held back until they are over"
        checked={on}
        onChange={({ currentTarget: { checked } }) =>
          onChange(checked ? USUAL : { quiet_from: null, quiet_to: null })
        }
      />
      {on && (
        <Stack gap="sm" pl="xl">
          <Group gap="sm">
            <TextInput
              type="time"
              label="From"
              required
              w={130}
              value={quiet_from.slice(0, 5)}
              onChange={({ currentTarget: { value } }) =>
                onChange({ quiet_from: value })
              }
            />
            <TextInput
              type="time"
              label="To"
              required
              w={130}
              value={quiet_to.slice(0, 5)}
              onChange={({ currentTarget: { value } }) =>
                onChange({ quiet_to: value })
              }
            />
          </Group>
          <Text size="sm" c="dimmed">
            {quietWords(quiet_from, quiet_to, time_zone)}
          </Text>
          <Switch
            color="red.8"
            label="Hold back urgent and critical pages, too"
            description="Nothing wakes you then. Escalation goes on without you."
            checked={quiet_urgent}
            onChange={({ currentTarget: { checked } }) =>
              onChange({ quiet_urgent: checked })
            }
          />
        </Stack>
      )}
    </>
  );
}
