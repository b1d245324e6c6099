import { Group } from "@mantine/core";
import { ButtonLink } from "../../ui/links";

const PLACES = [
  { to: "/postmortems", title: "Postmortems" },
  { to: "/postmortems/action-items", title: "Action items" },
  { to: "/postmortems/templates", title: "Templates" },
] as const;

/** The pages about postmortems. */
export function Places() {
  return (
    <Group component="nav" aria-label="About postmortems" gap={0}>
      {PLACES.map(({ to, title }) => (
        <ButtonLink
          key={to}
          to={to}
          size="compact-md"
          // all in one line of a phone
          px={6}
          fz={{ base: "sm", xs: "md" }}
          variant="subtle"
          color="gray"
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ variant: "light", color: "indigo" }}
        >
          {title}
        </ButtonLink>
      ))}
    </Group>
  );
}
