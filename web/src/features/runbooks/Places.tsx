import { Group } from "@mantine/core";
import { useMe } from "../../me";
import { ButtonLink } from "../../ui/links";

const PLACES = [
  { to: "/runbooks", title: "Library" },
  { to: "/runbooks/runs", title: "Runs" },
  { to: "/runbooks/connections", title: "Connections" },
  { to: "/runbooks/settings", title: "Approvers" },
] as const;

/** The pages about runbooks. */
export function Places() {
  const { platform_admin } = useMe();
  return (
    <Group component="nav" aria-label="About runbooks" gap={4}>
      {PLACES.map(({ to, title }) => (
        <ButtonLink
          key={to}
          to={to}
          size="compact-md"
          variant="subtle"
          color="gray"
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ variant: "light", color: "indigo" }}
        >
          {platform_admin && to === "/runbooks/settings"
            ? "Approvers and kill switch"
            : title}
        </ButtonLink>
      ))}
    </Group>
  );
}
