import { Button, Group, Text } from "@mantine/core";
import { IconUserShare } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Schedule } from "../../api/generated";
import { canEditTeam, canRespond, useMe } from "../../me";
import { Loaded } from "../../ui/Loaded";
import { huesOf } from "../../ui/person-hue";
import { Section } from "../../ui/Section";
import { BlockSheet, type Giving } from "./BlockSheet";
import { Calendar } from "./Calendar";
import { CoverForm } from "./CoverForm";
import { Lanes } from "./Lanes";
import { Legend } from "./Legend";
import { type Block, everybody, lanesOf } from "./lanes";
import { OverrideForm, type Wish } from "./OverrideForm";
import { timelineQuery } from "./queries";
import { ShiftList } from "./ShiftList";
import { SwapForm } from "./SwapForm";
import { Toolbar } from "./Toolbar";
import type { Span } from "./use-draw";
import { useView } from "./use-view";
import { useWhole } from "./use-whole";

const HOUR_MS = 3_600_000;

/** Who is on call when, as a timeline, a calendar or a list; and the way to change it. */
export function Rota({ schedule }: { schedule: Schedule }) {
  const me = useMe();
  const state = useView(schedule.time_zone);
  const { view, zoom, window } = state;
  const query = useQuery(timelineQuery(schedule.id, window.start, window.end));
  const [opened, setOpened] = useState<Block>();
  const whole = useWhole(schedule.id, opened, window);
  const [wish, setWish] = useState<Wish>();
  const [given, setGiven] = useState<{ how: Giving; shift: Span }>();
  const mayChange = canRespond(me, schedule.team.id);
  const mayEdit = canEditTeam(me, schedule.team.id);
  const Give = given?.how === "swap" ? SwapForm : CoverForm;
  const members = schedule.layers.flatMap(({ users }) => users);

  return (
    <Section
      title="Who is on call when"
      action={
        mayChange && (
          <Button
            variant="default"
            leftSection={<IconUserShare size={16} />}
            onClick={() => setWish(nextHours())}
          >
            Override
          </Button>
        )
      }
    >
      <Toolbar state={state} zone={schedule.time_zone} />
      <Loaded what="The shifts" query={query}>
        {(timeline) => {
          const lanes = lanesOf(timeline);
          const hues = huesOf([
            ...members.map(({ id }) => id),
            ...everybody(timeline),
          ]);
          const shared = {
            hue: (id: string) => hues.get(id) ?? 0,
            hand: {
              onOpen: setOpened,
              onDraw: mayChange ? setWish : undefined,
            },
          };
          if (view === "list")
            return (
              <ShiftList lane={lanes[0]} window={window} onOpen={setOpened} />
            );
          return (
            <>
              {view === "calendar" ? (
                <Calendar lane={lanes[0]} window={window} {...shared} />
              ) : (
                <Lanes lanes={lanes} window={window} zoom={zoom} {...shared} />
              )}
              <Legend lane={lanes[0]} window={window} hue={shared.hue} />
            </>
          );
        }}
      </Loaded>
      {mayChange && view !== "list" && (
        <Group gap="xs">
          <Text size="xs" c="dimmed" visibleFrom="sm">
            Drag over the first lane to put somebody else on call, or press a
            shift.
          </Text>
          <Text size="xs" c="dimmed" hiddenFrom="sm">
            Press a shift to change it; hold it to put somebody else on call.
          </Text>
        </Group>
      )}
      {whole && (
        <BlockSheet
          block={whole}
          schedule={schedule}
          zone={state.zone}
          mayCover={mayChange}
          mayEdit={mayEdit}
          onWish={(next) => {
            setOpened(undefined);
            setWish(next);
          }}
          onGive={(how, shift) => {
            setOpened(undefined);
            setGiven({ how, shift });
          }}
          onClose={() => setOpened(undefined)}
        />
      )}
      {given && (
        <Give
          schedule={schedule}
          shift={given.shift}
          zone={state.zone}
          onClose={() => setGiven(undefined)}
        />
      )}
      {wish && (
        <OverrideForm
          schedule={schedule}
          wish={wish}
          zone={state.zone}
          mayEdit={mayEdit}
          onClose={() => setWish(undefined)}
        />
      )}
    </Section>
  );
}

/** From the next full hour, for eight hours. */
function nextHours(): Wish {
  const start = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  return { start, end: start + 8 * HOUR_MS };
}
