import { Button } from "@mantine/core";
import {
  IconFilterOff,
  IconMoodSmile,
  IconPlugConnected,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { ButtonLink } from "../../ui/links";
import { type Filters, isFiltered } from "./filters";
import { needsSetUpQuery } from "./first-steps";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** Why the list is empty, and what to do about it. */
export function NoIncidents(props: Props) {
  const { data: needed, isLoading } = useQuery(needsSetUpQuery(useMe()));
  if (isLoading) return null;
  if (needed && !isFiltered(props.filters))
    return (
      <Empty
        icon={<IconPlugConnected size={40} />}
        title="Nothing can page anybody yet"
        action={<ButtonLink to="/set-up">Set up paging</ButtonLink>}
      >
        A few short steps, from how you are reached to a first test page.
      </Empty>
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
