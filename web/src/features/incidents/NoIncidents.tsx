import { Button } from "@mantine/core";
import { IconFilterOff, IconMoodSmile } from "@tabler/icons-react";
import { Empty } from "../../ui/Empty";
import { ButtonLink } from "../../ui/links";
import { type Filters, isFiltered } from "./filters";

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

/** Why the list is empty, and what to do about it. */
export function NoIncidents({ filters, onChange }: Props) {
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
