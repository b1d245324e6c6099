import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { IncidentPlan } from "../../api/generated";
import { At, Countdown } from "../../ui/Ago";
import classes from "./Ladder.module.css";
import { comingOf, type Rung, rungsOf, wantedInWords } from "./plan";

const MOST_NAMED = 3;
const MOST_RUNGS = 3;

/** "Next: Ben by phone in 2:14, then Cy by e-mail in 7:14": counting down. */
export function NextUp({ plan }: { plan: IncidentPlan }) {
  const coming = comingOf(plan).slice(0, MOST_NAMED);
  const wanted = wantedInWords(plan);
  if (coming.length === 0 && !wanted) return null;
  return (
    <div>
      {wanted && <Text size="sm">{wanted}</Text>}
      {coming.length > 0 && (
        <Text size="sm" role="group" aria-label="Who is told next">
          {coming.map(({ at, who, how }, place) => (
            <Text span inherit key={at} fw={place === 0 ? 600 : undefined}>
              {place === 0 ? "Next: " : ", then "}
              {who} {how} in <Countdown at={at} />
            </Text>
          ))}
        </Text>
      )}
    </div>
  );
}

/** The steps to come, next first. */
export function PlanAhead({ plan }: { plan: IncidentPlan }) {
  const [all, { open: showAll }] = useDisclosure();
  const rungs = rungsOf(plan);
  const left = all ? 0 : Math.max(0, rungs.length - MOST_RUNGS);
  const shown = left > 1 ? rungs.slice(0, MOST_RUNGS) : rungs;
  return (
    <>
      {shown.map((rung, place) => (
        <OneRung key={rung.key} rung={rung} next={place === 0} />
      ))}
      {left > 1 && (
        <li className={classes.note}>
          <Button size="compact-sm" variant="subtle" onClick={showAll}>
            Show {left} more steps
          </Button>
        </li>
      )}
    </>
  );
}

function OneRung({ rung, next }: { rung: Rung; next: boolean }) {
  const { at, title, lines, until } = rung;
  return (
    <li className={classes.rung} data-next={next || undefined}>
      <Group gap="xs" justify="space-between" wrap="nowrap" align="start">
        <Text
          size="sm"
          fw={next ? 600 : undefined}
          c={next ? undefined : "dimmed"}
        >
          {next ? "Next: " : "Then: "}
          {title}
          {until && (
            <>
              {" "}
              before <At at={until} />
            </>
          )}
        </Text>
        {!until && (
          <Text size="sm" fw={next ? 600 : undefined} style={{ flex: "none" }}>
            in <Countdown at={at} />
          </Text>
        )}
      </Group>
      {lines.map((line) => (
        <Text key={line} size="xs" c="dimmed">
          {line}
        </Text>
      ))}
    </li>
  );
}
