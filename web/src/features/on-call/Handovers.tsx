import { Button, Group, Text } from "@mantine/core";
import { IconArrowsExchange, IconBan } from "@tabler/icons-react";
import { useState } from "react";
import { useMe } from "../../me";
import { Ago } from "../../ui/Ago";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { StateLabel } from "../../ui/StateLabel";
import { HandoverRow } from "./HandoverRow";
import { fate, type Handover } from "./handovers";
import { OpenHandovers } from "./OpenHandovers";
import { useHandovers } from "./use-handovers";

/** What whoever looks has offered and asked for, and what became of it all. */
export function Handovers() {
  const { toAnswer, waiting, ended } = useHandovers();
  return (
    <>
      <OpenHandovers title="You wait for an answer" handovers={waiting} />
      {ended.length > 0 && <Ended handovers={ended} />}
      {toAnswer.length + waiting.length + ended.length === 0 && (
        <Section title="Swaps and cover">
          <Text size="sm" c="dimmed">
            Nothing is open. Press a shift of yours in a schedule to offer it to
            somebody, or to ask for cover.
          </Text>
        </Section>
      )}
    </>
  );
}

const FIRST = 5;

function Ended({ handovers }: { handovers: readonly Handover[] }) {
  const me = useMe();
  const [all, setAll] = useState(false);
  const title = "Swaps and cover of the last 30 days";
  return (
    <Section title={title}>
      <Rows label={title}>
        {handovers.slice(0, all ? undefined : FIRST).map((handover) => {
          const [word, tone] = fate(handover, me.id);
          const { made } = handover;
          return (
            <HandoverRow
              key={made.id}
              handover={handover}
              side={
                <>
                  <StateLabel
                    tone={tone}
                    icon={tone === "teal" ? IconArrowsExchange : IconBan}
                    word={word}
                  />
                  <Text size="sm" c="dimmed">
                    <Ago at={made.decided_at ?? made.start} />
                  </Text>
                </>
              }
            />
          );
        })}
      </Rows>
      {!all && handovers.length > FIRST && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setAll(true)}>
            Show all {handovers.length}
          </Button>
        </Group>
      )}
    </Section>
  );
}
