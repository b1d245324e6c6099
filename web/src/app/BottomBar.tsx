import { Drawer, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconUrgent } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMe } from "../me";
import { RailLink } from "../ui/links";
import classes from "./Frame.module.css";
import { BOTTOM, placesFor } from "./places";
import { Count } from "./Rail";
import { SchemeToggle } from "./SchemeToggle";

interface Props {
  triggered: number;
  onPage: () => void;
}

/** The five places of a phone. */
export function BottomBar({ triggered, onPage }: Props) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Group
        component="nav"
        hiddenFrom="sm"
        className={classes.bottom}
        gap={0}
        aria-label="Places"
      >
        <PlaceLink {...BOTTOM.first}>
          {triggered > 0 && <Count of={triggered} className={classes.count} />}
        </PlaceLink>
        <PlaceLink {...BOTTOM.second} />
        <button
          type="button"
          className={`${classes.place} ${classes.page}`}
          onClick={onPage}
        >
          <IconUrgent size={22} stroke={1.75} aria-hidden />
          Page someone
        </button>
        <button type="button" className={classes.place} onClick={open}>
          <IconDots size={22} stroke={1.75} aria-hidden />
          More
        </button>
        <PlaceLink {...BOTTOM.last} />
      </Group>
      <More opened={opened} onClose={close} />
    </>
  );
}

function PlaceLink({
  to,
  title,
  icon: Mark,
  children,
}: (typeof BOTTOM)["first"] & { children?: React.ReactNode }) {
  return (
    <Link to={to} className={classes.place}>
      <Mark size={22} stroke={1.75} aria-hidden />
      {title}
      {children}
    </Link>
  );
}

function More({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const me = useMe();
  const shown: readonly string[] = Object.values(BOTTOM).map(({ to }) => to);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="bottom"
      size="auto"
      styles={{ content: { flex: "0 0 auto", height: "auto" } }}
      title="More"
    >
      <Stack gap={4}>
        {placesFor(me)
          .filter((place) => !shown.includes(place.to))
          .map(({ to, title, icon: Mark }) => (
            <RailLink
              key={to}
              to={to}
              label={title}
              className={classes.rail}
              onClick={onClose}
              leftSection={<Mark size={20} stroke={1.75} aria-hidden />}
            />
          ))}
        <Group justify="space-between" px="sm">
          <Text size="sm">Colours</Text>
          <SchemeToggle />
        </Group>
      </Stack>
    </Drawer>
  );
}
