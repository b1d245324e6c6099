import { Button, Center } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import {
  type Dispatch,
  type SetStateAction,
  useMemo,
  useRef,
  useState,
} from "react";
import type { IncidentOut as Incident } from "../../api/generated";
import { canActOn, useMe } from "../../me";
import { LoadMore } from "../../ui/LoadMore";
import classes from "./IncidentList.module.css";
import { IncidentRows } from "./IncidentRows";
import { ListHead } from "./ListHead";
import { useHeldBack } from "./use-held-back";

interface Props {
  incidents: readonly Incident[];
  selected: ReadonlySet<string>;
  onSelect: Dispatch<SetStateAction<ReadonlySet<string>>>;
  /** also what is not loaded yet */
  onSelectAll: () => Promise<void>;
  more: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
}

/** Dense rows: one line on a desktop, two on a phone. */
export function IncidentList(props: Props) {
  const { incidents, selected, onSelect, onSelectAll, more } = props;
  const [choosing, setChoosing] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const me = useMe();
  const { shown, held, showAll } = useHeldBack(
    incidents,
    list,
    selected.size > 0,
  );
  const selectable = useMemo(
    () => shown.filter((each) => canActOn(me, each)).map(({ id }) => id),
    [shown, me],
  );

  return (
    <div className={classes.frame}>
      {held > 0 && (
        <Center className={classes.pill}>
          <Button
            size="compact-sm"
            radius="xl"
            leftSection={<IconArrowUp size={14} />}
            onClick={showAll}
          >
            {held} new
          </Button>
        </Center>
      )}
      <ListHead
        shown={shown.length}
        hasMore={more.hasNextPage}
        selectable={selectable}
        selected={selected}
        onSelect={onSelect}
        onSelectAll={onSelectAll}
        choosing={choosing}
        onChoosing={setChoosing}
      />
      <IncidentRows
        list={list}
        incidents={shown}
        hasMore={more.hasNextPage}
        selected={selected}
        onSelect={onSelect}
        choosing={choosing}
      />
      <LoadMore {...more} earlyPx={EARLY_PX} />
    </div>
  );
}

// the next rows are on their way before one has scrolled to the end
const EARLY_PX = 600;
