import { Box, Button, Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconBellOff, IconBellRinging, IconBellX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { WhyPaged, WhyPosted } from "../../api/generated";
import { useMe } from "../../me";
import { At } from "../../ui/Ago";
import { fateOf } from "../../ui/fate";
import { Loaded } from "../../ui/Loaded";
import { StateLabel } from "../../ui/StateLabel";
import { listed, way } from "../../ui/story";
import { whyQuery } from "./plan-queries";
import { meFirst, ruleIdle, ruleInWords, verdict } from "./why";

interface Props {
  incidentId: string;
  /** whether whoever looks was paged for it */
  paged: boolean;
}

/** Opens why everybody was paged, or was not. */
export function WhyButton({ incidentId, paged }: Props) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        style={{ alignSelf: "start" }}
        onClick={open}
      >
        {paged ? "Why was I paged?" : "Why was I not paged?"}
      </Button>
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size="lg"
        title={<Title order={2}>Who was paged, and why</Title>}
      >
        <Why incidentId={incidentId} />
      </Drawer>
    </>
  );
}

function Why({ incidentId }: { incidentId: string }) {
  const me = useMe();
  const query = useQuery(whyQuery(incidentId));
  return (
    <Loaded what="Who was paged" query={query}>
      {({ people, rooms = [] }) => (
        <Stack gap="lg">
          {!people.some(({ user }) => user.id === me.id) && (
            <Text size="sm">
              You were not paged: no step of the escalation means you.
            </Text>
          )}
          {meFirst(people, me.id).map((person) => (
            <Person key={person.user.id} person={person} myId={me.id} />
          ))}
          {rooms.map((room) => (
            <Room key={room.id} room={room} />
          ))}
        </Stack>
      )}
    </Loaded>
  );
}

const VERDICTS = {
  paged: { tone: "teal", icon: IconBellRinging },
  "about to be paged": { tone: "blue", icon: IconBellRinging },
  "not reached": { tone: "red", icon: IconBellX },
  "not paged": { tone: "gray", icon: IconBellOff },
} as const;

function Person({ person, myId }: { person: WhyPaged; myId: string }) {
  const { user, reasons, messages, rules } = person;
  const word = verdict(person);
  return (
    <Box component="section" aria-label={user.name}>
      <Group gap="sm">
        <Text fw={600}>
          {user.name}
          {user.id === myId && " (you)"}
        </Text>
        <StateLabel {...VERDICTS[word]} word={word} />
      </Group>
      <Stack gap={2} mt={4}>
        {reasons.map(({ at, detail, reason, step }) => (
          <Text key={`${reason} ${step} ${at}`} size="sm">
            {detail}
            {at && (
              <Text span size="xs" c="dimmed">
                {" "}
                <At at={at} />
              </Text>
            )}
          </Text>
        ))}
      </Stack>
      {messages.length > 0 && <Messages messages={messages} />}
      {rules.length > 0 && <Rules rules={rules} />}
    </Box>
  );
}

/** What was posted there wakes nobody: it is told apart from people. */
function Room({ room: { name, steps, messages } }: { room: WhyPosted }) {
  const numbers = listed(steps.map((step) => String(step + 1)));
  return (
    <Box component="section" aria-label={name}>
      <Text fw={600}>{name} (room)</Text>
      <Text size="sm">
        {steps.length === 0
          ? "No step of the escalation posts in it any more."
          : `${steps.length === 1 ? "Step" : "Steps"} ${numbers} post${steps.length === 1 ? "s" : ""} in it; that pages nobody.`}
      </Text>
      {messages.length > 0 && (
        <Messages messages={messages.map((one) => ({ ...one, label: "" }))} />
      )}
    </Box>
  );
}

function Messages({ messages }: Pick<WhyPaged, "messages">) {
  return (
    <Stack component="ul" gap={6} mt="xs" p={0} m={0} aria-label="Messages">
      {messages.map((message) => (
        <Group component="li" key={message.id} gap="4px 8px">
          <StateLabel {...fateOf(message)} />
          <Text size="xs" c="dimmed">
            {way(message.channel)}
            {message.label && ` (${message.label})`} ·{" "}
            <At at={message.send_at} /> · {message.cause}
          </Text>
          {message.attempts
            .filter(({ error }) => error)
            .map(({ number, error }) => (
              <Text key={number} size="xs" w="100%">
                Attempt {number}: {error}
              </Text>
            ))}
        </Group>
      ))}
    </Stack>
  );
}

function Rules({ rules }: Pick<WhyPaged, "rules">) {
  return (
    <Text size="xs" c="dimmed" mt="xs" component="div">
      Their rules, as they are now:
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {rules.map((rule) => {
          const words = ruleInWords(rule);
          const idle = ruleIdle(rule);
          return (
            <li key={`${words} ${rule.urgency}`}>
              {words}
              {idle && `: not used, ${idle}`}
            </li>
          );
        })}
      </ul>
    </Text>
  );
}
