import { useMe } from "../../me";
import { Problem } from "../../ui/Problem";
import { Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { Acts, HandoverRow } from "./HandoverRow";
import { type Handover, headline } from "./handovers";
import { useDecide } from "./use-handovers";

interface Props {
  title: string;
  handovers: readonly Handover[];
}

/** Shifts that may change hands, and the buttons that decide; nothing where there are none. */
export function OpenHandovers({ title, handovers }: Props) {
  const me = useMe();
  const { decide, busy, refused } = useDecide();
  const isRefused = ({ made }: Handover) =>
    made.id === refused?.handover.made.id;
  // what somebody else has taken leaves the list: why stays
  const gone = refused && !handovers.some(isRefused);
  if (handovers.length === 0 && !gone) return null;
  return (
    <Section title={title}>
      {gone && (
        <Problem
          text={`${headline(refused.handover, me.id)}: ${refused.why}`}
        />
      )}
      {handovers.length > 0 && (
        <Rows label={title}>
          {handovers.map((handover) => (
            <HandoverRow
              key={handover.made.id}
              handover={handover}
              problem={isRefused(handover) ? refused?.why : undefined}
              side={
                <Acts
                  handover={handover}
                  busy={busy === handover.made.id}
                  onAct={(act) => decide({ handover, act })}
                />
              }
            />
          ))}
        </Rows>
      )}
    </Section>
  );
}
