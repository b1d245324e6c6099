import { Checkbox, Select, Stack, Table, Text } from "@mantine/core";
import { IconTableOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { PagePartner, StatusPage } from "../../api/generated";
import { canEditTeam, useMe } from "../../me";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { withComponent, withUpdates, withWholePage } from "./grants";
import { pageChoicesQuery, pagePartnersQuery, pageQuery } from "./queries";
import { STANDINGS } from "./standing";
import { useGrant } from "./use-grant";

// so that names stay whole words on a phone, where the table is pushed sideways
const NAME_PX = 160;
const COLUMN_PX = 105;

/** Who sees which component of a page: a cross is a look that is allowed. */
export function Matrix() {
  const me = useMe();
  const search: Record<string, string> = useSearch({ from: "/frame/partners" });
  const navigate = useNavigate();
  const query = useQuery(pageChoicesQuery);
  return (
    <Loaded what="The status pages" query={query}>
      {(all) => {
        const pages = all.filter(({ team }) =>
          team ? canEditTeam(me, team.id) : me.platform_admin,
        );
        const chosen = pages.find(({ id }) => id === search.page) ?? pages[0];
        if (!chosen)
          return (
            <Empty icon={<IconTableOff size={40} />} title="No page to grant">
              Set a status page up first: partners see parts of it, or all.
            </Empty>
          );
        return (
          <Stack gap="sm">
            <Select
              label="Status page"
              maw={320}
              allowDeselect={false}
              data={pages.map(({ id, name }) => ({ value: id, label: name }))}
              value={chosen.id}
              onChange={(page) =>
                void navigate({
                  to: "/partners",
                  search: { ...search, page: page ?? "" },
                  replace: true,
                })
              }
            />
            <Of pageId={chosen.id} />
          </Stack>
        );
      }}
    </Loaded>
  );
}

function Of({ pageId }: { pageId: string }) {
  const page = useQuery(pageQuery(pageId));
  const partners = useQuery(pagePartnersQuery(pageId));
  return (
    <Loaded what="The page" query={page}>
      {(one) => (
        <Loaded what="The grants" query={partners}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty icon={<IconTableOff size={40} />} title="No partners yet">
                A platform admin adds them; then you say here what they see.
              </Empty>
            ) : (
              <Grid page={one} partners={rows} />
            )
          }
        </Loaded>
      )}
    </Loaded>
  );
}

interface GridProps {
  page: StatusPage;
  partners: readonly PagePartner[];
}

function Grid({ page, partners }: GridProps) {
  return (
    <>
      <Table.ScrollContainer
        minWidth={NAME_PX + COLUMN_PX * (page.components.length + 2)}
      >
        <Table striped withTableBorder aria-label={`Grants of ${page.name}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Partner</Table.Th>
              <Table.Th scope="col">All of it</Table.Th>
              {page.components.map(({ id, name }) => (
                <Table.Th key={id} scope="col">
                  {name}
                </Table.Th>
              ))}
              <Table.Th scope="col">Updates for partners</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {partners.map((partner) => (
              <Line key={partner.id} page={page} partner={partner} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Text size="sm" c="dimmed">
        A change counts from their next look on. What is not granted does not
        exist for them: no name, no count, and it does not make their page red.
      </Text>
    </>
  );
}

function Line({ page, partner }: { page: StatusPage; partner: PagePartner }) {
  const { mutate, isPending } = useGrant();
  const { id, name, email, grant, standing } = partner;
  const called = name || email;
  const put = (body: Parameters<typeof mutate>[0]["body"]) =>
    mutate({ partnerId: id, pageId: page.id, body });
  const whole = grant?.whole_page ?? false;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={600}>
        {called}
        <Text size="sm" c="dimmed" fw={400}>
          {standing === "active"
            ? partner.organisation
            : STANDINGS[standing].word}
        </Text>
      </Table.Th>
      <Table.Td>
        <Checkbox
          aria-label={`${called} sees all of ${page.name}`}
          checked={whole}
          disabled={isPending}
          onChange={() => put(withWholePage(grant))}
        />
      </Table.Td>
      {page.components.map((component) => (
        <Table.Td key={component.id}>
          <Checkbox
            aria-label={`${called} sees ${component.name}`}
            checked={
              whole ||
              (grant?.components.some((one) => one.id === component.id) ??
                false)
            }
            disabled={isPending || whole}
            onChange={() => put(withComponent(grant, component.id))}
          />
        </Table.Td>
      ))}
      <Table.Td>
        <Checkbox
          aria-label={`${called} reads updates for partners`}
          checked={grant?.partner_updates ?? false}
          disabled={isPending || !grant}
          onChange={() => grant && put(withUpdates(grant))}
        />
      </Table.Td>
    </Table.Tr>
  );
}
