import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDisclosure } from "@mantine/hooks";
import {
  IconFileImport,
  IconPlus,
  IconSearch,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Partner } from "../../api/generated";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { ImportPartners } from "./ImportPartners";
import { NewPartner } from "./NewPartner";
import { partnersQuery } from "./queries";
import { isStanding, STANDING_CHOICES, STANDINGS } from "./standing";

const TYPING_MS = 200;

/** Everybody outside who may see something, or could. */
export function PartnerList() {
  const search: Record<string, string> = useSearch({ from: "/frame/partners" });
  const navigate = useNavigate();
  const [adding, add] = useDisclosure();
  const [importing, load] = useDisclosure();
  const { query: words = "" } = search;
  const standing = isStanding(search.standing) ? search.standing : undefined;
  const query = useInfiniteQuery(partnersQuery(words, standing));
  const show = (change: Record<string, string>) =>
    void navigate({
      to: "/partners",
      search: { ...search, ...change },
      replace: true,
      resetScroll: false,
    });
  const type = useDebouncedCallback(
    (text: string) => show({ query: text }),
    TYPING_MS,
  );
  const invite = (
    <Button leftSection={<IconPlus size={16} />} onClick={add.open}>
      Add a partner
    </Button>
  );
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <TextInput
            aria-label="Find partners"
            w={{ base: "100%", xs: 260 }}
            placeholder="Name, address, organisation"
            leftSection={<IconSearch size={16} />}
            defaultValue={words}
            onChange={(event) => type(event.currentTarget.value)}
          />
          <Select
            aria-label="Where they stand"
            w={{ base: "100%", xs: 200 }}
            placeholder="Wherever they stand"
            clearable
            data={STANDING_CHOICES}
            value={standing ?? null}
            onChange={(value) => show({ standing: value ?? "" })}
          />
        </Group>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconFileImport size={16} />}
            onClick={load.open}
          >
            Import
          </Button>
          {invite}
        </Group>
      </Group>
      <Loaded what="The partners" query={query}>
        {({ pages }) => {
          const all = pages.flatMap(({ items }) => items);
          if (all.length === 0)
            return (
              <Empty
                icon={<IconUsersGroup size={40} />}
                title={
                  words || standing ? "No partner fits" : "No partners yet"
                }
              >
                An agency, a supplier, a large customer: they sign in by a link
                in their mail and see exactly the pages, or the components, that
                you grant them. Every look is on record.
              </Empty>
            );
          return (
            <>
              <Rows label="Partners">
                {all.map((partner) => (
                  <PartnerRow key={partner.id} partner={partner} />
                ))}
              </Rows>
              <LoadMore {...query} />
            </>
          );
        }}
      </Loaded>
      {adding && <NewPartner onClose={add.close} />}
      {importing && <ImportPartners onClose={load.close} />}
    </Stack>
  );
}

function PartnerRow({ partner }: { partner: Partner }) {
  const { id, name, email, organisation, grants, standing } = partner;
  const pages = grants
    .filter(({ counts }) => counts)
    .map(({ page }) => page.name);
  return (
    <Row
      main={
        <>
          <TextLink
            to="/partners/$partnerId"
            params={{ partnerId: id }}
            fw={600}
          >
            {name || email}
          </TextLink>
          <Text size="sm" c="dimmed">
            {[organisation, name && email].filter(Boolean).join(" · ")}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c="dimmed">
            {pages.length > 0 ? pages.join(", ") : "sees nothing"}
          </Text>
          <Group miw={{ sm: 150 }}>
            <StateLabel {...STANDINGS[standing]} />
          </Group>
        </>
      }
    />
  );
}
