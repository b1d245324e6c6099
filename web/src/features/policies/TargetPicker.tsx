import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  findPeopleQuery,
  roomsQuery,
  schedulesQuery,
  teamsQuery,
} from "../../api/queries";
import { type Target, WHICH, whichLeft } from "./draft";

interface Props {
  label: string;
  chosen: readonly Target[];
  onPick: (target: Target) => void;
}

/** Find a schedule, a team or a person to page, or a room to post in. */
export function TargetPicker({ label, chosen, onPick }: Props) {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const schedules = useQuery(schedulesQuery).data ?? [];
  const teams = useQuery(teamsQuery).data ?? [];
  const rooms = useQuery(roomsQuery()).data ?? [];
  const people =
    useQuery({
      ...findPeopleQuery(wanted),
      placeholderData: keepPreviousData,
    }).data?.items ?? [];

  const fits = (name: string) =>
    name.toLowerCase().includes(text.trim().toLowerCase());
  const all = [
    ...schedules
      .filter(({ name }) => fits(name))
      .map(({ id, name }) => ({ kind: "schedule", id, name }) as const),
    ...teams
      .filter(({ name }) => fits(name))
      .map(({ id, name }) => ({ kind: "team", id, name }) as const),
    ...people
      .filter(({ deactivated_at }) => !deactivated_at)
      .map(({ id, name }) => ({ kind: "user", id, name }) as const),
    ...rooms
      .filter(({ name }) => fits(name))
      .map(({ id, name }) => ({ kind: "room", id, name }) as const),
  ].flatMap((each): Target[] => {
    // whoever is on call, and in the same step whoever is next
    const left = whichLeft(chosen, each.id);
    const which = left[0];
    const taken = each.kind !== "schedule" && left.length < WHICH.length;
    return which && !taken ? [{ ...each, which, hidden: false }] : [];
  });
  const group = (title: string, kind: Target["kind"]) => ({
    group: title,
    items: all
      .filter((target) => target.kind === kind)
      .map(({ id, name }) => ({ value: id, label: name ?? "" })),
  });

  return (
    <Select
      aria-label={label}
      placeholder="Add a schedule, a person, a team or a room"
      data={[
        group("Whoever is on call for", "schedule"),
        group("A person", "user"),
        group("Everybody in the team", "team"),
        group("Post in the room", "room"),
      ]}
      value={null}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => options}
      nothingFoundMessage="Nothing else has that name"
      onChange={(id) => {
        const target = all.find((each) => each.id === id);
        if (!target) return;
        onPick(target);
        setText("");
      }}
    />
  );
}
