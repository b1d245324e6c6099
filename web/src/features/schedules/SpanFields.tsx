import { Group, Text, TextInput, type TextInputProps } from "@mantine/core";
import type { Schedule } from "../../api/generated";
import { HERE } from "../../ui/wall";
import { zoneName } from "./words";

interface Props {
  /** what the form knows of each field */
  from: TextInputProps;
  until: TextInputProps;
  schedule: Schedule;
  /** of the times that are typed */
  zone: string;
}

/** When something begins and ends. */
export function SpanFields({ from, until, schedule, zone }: Props) {
  return (
    <>
      <Group align="start" grow preventGrowOverflow={false}>
        <TextInput type="datetime-local" label="From" required {...from} />
        <TextInput type="datetime-local" label="Until" required {...until} />
      </Group>
      {(zone !== schedule.time_zone || zone !== HERE) && (
        <Text size="xs" c="dimmed" mt={-8}>
          Times of {zoneName(zone)}.
        </Text>
      )}
    </>
  );
}

/** What is wrong with the end, given the beginning. */
export function tooEarly(until: string, { from }: { from: string }) {
  return until > from ? null : "It ends too early";
}
