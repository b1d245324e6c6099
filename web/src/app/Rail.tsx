import { Badge, Button, Group, Stack } from "@mantine/core";
import { IconKeyboard, IconUrgent } from "@tabler/icons-react";
import { useMe } from "../me";
import { ButtonLink, RailLink } from "../ui/links";
import classes from "./Frame.module.css";
import { placesFor } from "./places";
import { SchemeToggle } from "./SchemeToggle";

interface Props {
  triggered: number;
  onHelp: () => void;
}

/** The sections, at the left of a desktop. */
export function Rail({ triggered, onHelp }: Props) {
  const me = useMe();
  return (
    <Stack mih="100%" flex="none" gap={2}>
      <ButtonLink
        to="/incidents"
        search={{ declare: "1" }}
        leftSection={<IconUrgent size={16} />}
        variant="light"
        mb="xs"
      >
        Page someone
      </ButtonLink>
      {placesFor(me).map(({ to, title, icon: Mark }) => (
        <RailLink
          key={to}
          to={to}
          label={title}
          className={classes.rail}
          py={6}
          leftSection={<Mark size={18} stroke={1.75} aria-hidden />}
          rightSection={
            to === "/incidents" && triggered > 0 ? (
              <Count of={triggered} />
            ) : undefined
          }
        />
      ))}
      <Group mt="auto" justify="space-between" pt="xs">
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconKeyboard size={16} />}
          onClick={onHelp}
        >
          Keyboard
        </Button>
        <SchemeToggle />
      </Group>
    </Stack>
  );
}

/** How many incidents wait for a person. */
export function Count({ of, className }: { of: number; className?: string }) {
  return (
    <Badge
      color="red.8"
      size="sm"
      circle={of < 10}
      miw="max-content"
      className={className}
      aria-label={`${of} not acknowledged`}
    >
      {of > 99 ? "99+" : of}
    </Badge>
  );
}
