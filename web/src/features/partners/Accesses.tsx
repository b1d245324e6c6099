import { Text } from "@mantine/core";
import { IconEyeOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { PartnerAccess } from "../../api/generated";
import { Ago } from "../../ui/Ago";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { type AccessFilter, accessesQuery } from "./queries";
import { KINDS } from "./standing";

const ABOUT: Readonly<Record<string, string>> = {
  sign_in: "by a link",
  invitation: "by an invitation",
};

/** Looks and refusals, newest first. */
export function Accesses({ wanted }: { wanted: AccessFilter }) {
  const query = useInfiniteQuery(accessesQuery(wanted));
  return (
    <Loaded what="The access log" query={query}>
      {({ pages }) => {
        const all = pages.flatMap(({ items }) => items);
        return all.length === 0 ? (
          <Empty icon={<IconEyeOff size={40} />} title="Nothing on record">
            Sign-ins, every look at a page and everything that was refused is
            noted here, and kept for 90 days.
          </Empty>
        ) : (
          <>
            <Rows label="Access log">
              {all.map((access) => (
                <AccessRow key={access.id} access={access} />
              ))}
            </Rows>
            <LoadMore {...query} />
          </>
        );
      }}
    </Loaded>
  );
}

function AccessRow({ access }: { access: PartnerAccess }) {
  const { kind, email, page, what, address, user_agent, at } = access;
  return (
    <Row
      main={
        <>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            <Text span inherit fw={600}>
              {email || "Somebody unknown"}
            </Text>
            {[page?.name, ABOUT[what] ?? what]
              .filter(Boolean)
              .map((text) => ` · ${text}`)}
          </Text>
          <Text
            size="sm"
            c="dimmed"
            lineClamp={1}
            title={user_agent}
            style={{ overflowWrap: "anywhere" }}
          >
            {[address, user_agent].filter(Boolean).join(" · ")}
          </Text>
        </>
      }
      side={
        <>
          <StateLabel {...KINDS[kind]} />
          <Text size="sm" c="dimmed">
            <Ago at={at} />
          </Text>
        </>
      }
    />
  );
}
