import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { At } from "../../ui/Ago";
import { TextLink } from "../../ui/links";

interface Props {
  from: string | null;
  busy: boolean;
  onChange: (from: string | null) => void;
}

/** From when on everybody who signs in with a password needs a second factor. */
export function EverybodysFactor({ from, busy, onChange }: Props) {
  const [day, setDay] = useState("");
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          A second factor for everybody
        </Text>
        <Text size="xs" c="dimmed">
          {from ? (
            <>
              Asked of everybody from <At at={from} /> on.{" "}
            </>
          ) : (
            "Asked of nobody yet. "
          )}
          Until the day people are told; from then on a password opens nothing
          but the page on which a factor is set up. Browsers that are signed in
          go on, and nobody is kept from acknowledging.{" "}
          <TextLink to="/team" search={{ tab: "factors" }} inherit>
            Who has none
          </TextLink>
        </Text>
      </div>
      {from ? (
        <Group>
          <Button
            size="xs"
            variant="default"
            loading={busy}
            onClick={() => onChange(null)}
          >
            Ask it of nobody
          </Button>
        </Group>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onChange(new Date(`${day}T00:00`).toISOString());
          }}
        >
          <Group align="end" gap="xs">
            <TextInput
              type="date"
              label="From this day on"
              value={day}
              required
              onChange={(event) => setDay(event.currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              disabled={!day}
              loading={busy}
            >
              Ask it of everybody
            </Button>
          </Group>
        </form>
      )}
    </Stack>
  );
}
