import { Anchor, Box, Group, Stack, Text } from "@mantine/core";
import { IconPhoneCall } from "@tabler/icons-react";
import classes from "./Drawn.module.css";
import type { Picture, Press } from "./picture";

/** What the person would see in the app of the provider. */
export function Drawn({ picture }: { picture: Picture }) {
  const { look, title, body, facts, presses, colour } = picture;
  return (
    <Box className={classes.stage}>
      <Stack
        gap={6}
        className={classes[look]}
        style={colour ? { borderInlineStartColor: colour } : undefined}
      >
        {look === "call" && (
          <Group gap={6} c="dimmed">
            <IconPhoneCall size={16} aria-hidden />
            <Text size="xs">The call says, three times:</Text>
          </Group>
        )}
        {title && (
          <Text size="sm" fw={600}>
            {title}
          </Text>
        )}
        {body && (
          <Text size="sm" className={classes.words}>
            {body}
          </Text>
        )}
        {facts.length > 0 && (
          <dl className={classes.facts}>
            {facts.map(([name, value]) => (
              <div key={`${name} ${value}`}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {presses.length > 0 && (
          <Group gap={6}>
            {presses.map((press) => (
              <Button key={press.label} press={press} />
            ))}
          </Group>
        )}
      </Stack>
    </Box>
  );
}

function Button({ press: { label, href } }: { press: Press }) {
  return href ? (
    <Anchor
      href={href}
      target="_blank"
      rel="noreferrer"
      size="sm"
      className={classes.press}
    >
      {label}
    </Anchor>
  ) : (
    <Text size="sm" c="dimmed" className={classes.press}>
      {label}
    </Text>
  );
}
