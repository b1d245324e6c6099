import { Text } from "@mantine/core";
import type { Schedule } from "../../api/generated";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { wallOf } from "../../ui/wall";
import { hoursInWords, turnsOf } from "./words";

/** Who takes turns, how often, and at which hours. */
export function LayersInWords({ schedule }: { schedule: Schedule }) {
  return (
    <Section title="Layers">
      <Rows label="Layers">
        {schedule.layers.map((layer, at) => {
          const zone = layer.time_zone ?? schedule.time_zone;
          const { time } = wallOf(Date.parse(layer.start_at), zone);
          return (
            <Row
              key={layer.id}
              main={
                <>
                  <Text fw={600}>{layer.name || `Layer ${at + 1}`}</Text>
                  <Text size="sm" c="dimmed">
                    Hand-off {turnsOf(layer.unit, layer.lengths)} at {time} in{" "}
                    {zone}
                    {layer.at_once > 1 && `, ${layer.at_once} at once`}
                  </Text>
                  {hoursInWords(layer.restriction).map((words) => (
                    <Text key={words} size="sm" c="dimmed">
                      {words}
                    </Text>
                  ))}
                </>
              }
              side={
                <Text size="sm">
                  {layer.users.map(({ name }) => name).join(" → ")}
                </Text>
              }
            />
          );
        })}
      </Rows>
    </Section>
  );
}
