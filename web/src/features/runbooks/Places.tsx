import { Group } from "@mantine/core";
import { ButtonLink } from "../../ui/links";

const PLACES = [
  { to: "/runbooks", title: "Library" },
  { to: "/runbooks/runs", title: "Runs" },
  { to: "/runbooks/connections", title: "Connections" },
  { to: "/runbooks/settings", title: "Controls" },
] as const;

/** The pages about runbooks. */
export function Places() {
  return (
    <Group component="nav" aria-label="About runbooks" gap={4}>
      {PLACES.map(({ to, title }) => (
        <ButtonLink
          key={to}
          to={to}
          size="compact-md"
          px={6} // all in one line of a phone
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
