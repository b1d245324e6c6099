import { Code, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RunbookContent } from "../../api/generated";
import { Fact, Facts } from "../../ui/Facts";
import { Labels } from "../../ui/Labels";
import { StateLabel } from "../../ui/StateLabel";
import { fieldsOf } from "../../ui/schema";
import { duration } from "../../ui/time";
import { connectionsQuery, targetsQuery } from "./queries";
import { CALENDARS, CLASSES } from "./words";

/** What a version runs, where, and how often it may. */
export function ContentFacts({ content }: { content: RunbookContent }) {
  const target = useQuery(targetsQuery).data?.find(
    ({ kind }) => kind === content.target,
  );
  const connections = useQuery(connectionsQuery()).data ?? [];
  const fields = fieldsOf(target?.content_schema);
  const look = CLASSES[content.run_class ?? "diagnostic"];
  const bindings = Object.entries(content.bindings ?? {});
  return (
    <Facts>
      <Fact name="Class">
        <StateLabel {...look} />
        <Text span size="sm" c="dimmed" display="block">
          {look.means}
        </Text>
      </Fact>
      <Fact name="Runs on">
        {target?.title ?? content.target}, through{" "}
        {content.connection_ids
          .map(
            (id) =>
              connections.find((each) => each.id === id)?.name ??
              "a connection that is gone",
          )
          .join(" or ")}
      </Fact>
      {Object.entries(content.content ?? {}).map(([name, value]) => {
        const title = fields.find((each) => each.name === name)?.title ?? name;
        return (
          <Fact key={name} name={title}>
            <Value value={value} />
          </Fact>
        );
      })}
      {bindings.length > 0 && (
        <Fact name="Filled in from">
          <Labels labels={Object.fromEntries(bindings)} />
        </Fact>
      )}
      <Fact name="Limits">
        {limits(content)}
        {content.calendar !== "always" &&
          ` ${CALENDARS[content.calendar ?? "always"]}.`}
      </Fact>
      <Fact name="By itself">
        {content.auto_safe
          ? "Workflows may start it without asking anybody"
          : "Only when a person starts or confirms it"}
      </Fact>
    </Facts>
  );
}

function limits(content: RunbookContent): string {
  const { timeout_s = 300, most_per_hour = 6, at_once = 1 } = content;
  const parts = [
    `Ends after ${duration(timeout_s)} at the latest`,
    most_per_hour === 1
      ? "at most once an hour"
      : `at most ${most_per_hour} times an hour`,
    at_once === 1 ? "one at a time" : `${at_once} at a time`,
    content.cool_down_s
      ? `${duration(content.cool_down_s)} between two on one service`
      : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

/** A value of the content, as text. */
function Value({ value }: { value: unknown }) {
  if (value === null || value === "") return <>none</>;
  if (typeof value === "boolean") return <>{value ? "Yes" : "No"}</>;
  const plain = typeof value === "string" ? value : JSON.stringify(value);
  if (plain === "{}" || plain === "[]") return <>none</>;
  return (
    <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {plain}
    </Code>
  );
}
