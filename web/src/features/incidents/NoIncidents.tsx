import { Button } from "@mantine/core";
import { IconFilterOff, IconMoodSmile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { ButtonLink } from "../../ui/links";
import { type Filters, isFiltered } from "./filters";
import { doneQuery, STEPS } from "./first-steps";

const FirstSteps = lazy(() => import("./FirstSteps"));

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** Why the list is empty, and what to do about it. */
export function NoIncidents(props: Props) {
  const me = useMe();
  const { data: done, isLoading } = useQuery({
    ...doneQuery,
    enabled: me.platform_admin,
  });
  if (isLoading) return null;
  if (done && done.size < STEPS.length && !isFiltered(props.filters))
    return (
      <Suspense>
        <FirstSteps done={done} />
      </Suspense>
    );
  return <Quiet {...props} />;
}

function Quiet({ filters, onChange }: Props) {
  if (isFiltered(filters))
    return (
      <Empty
        icon={<IconFilterOff size={40} />}
        title="No incident fits these filters"
        action={
          <Button
            variant="default"
            onClick={() => onChange({ tab: filters.tab })}
          >
            Clear the filters
          </Button>
        }
      >
        There may be some that do not.
      </Empty>
    );
  if (filters.tab === "all")
    return (
      <Empty
        icon={<IconMoodSmile size={40} />}
        title="No incidents yet"
        action={<ButtonLink to="/integrations">Connect a tool</ButtonLink>}
      >
        Connect a monitoring tool: its alerts open incidents here, and whoever
        is on call is paged.
      </Empty>
    );
  return (
    <Empty
      icon={<IconMoodSmile size={40} />}
      title="All quiet"
      action={
        <Button variant="default" onClick={() => onChange({ tab: "all" })}>
          Show resolved ones too
        </Button>
      }
    >
      {filters.tab === "mine"
        ? "Nothing of yours needs a person right now."
        : "Nothing needs a person right now."}
    </Empty>
  );
}
