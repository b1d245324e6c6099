import { Button, Group, Select, TextInput } from "@mantine/core";
import {
  useDebouncedCallback,
  useDisclosure,
  useHotkeys,
} from "@mantine/hooks";
import { IconPlus, IconSearch, IconServer2 } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { teamsQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { TeamFirst } from "../../ui/TeamFirst";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { listQuery } from "./queries";
import { ServiceForm } from "./ServiceForm";
import { ServiceRow } from "./ServiceRow";

const TYPING_MS = 200;

/** What is monitored, and who owns it. */
export function ServicesPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/services" });
  const navigate = useNavigate();
  const mayAdd = useEditableTeams().length > 0;
  const [adding, { open, close }] = useDisclosure();
  const box = useRef<HTMLInputElement>(null);
  const teams = useQuery(teamsQuery).data;
  const text = search.query ?? "";
  const query = useInfiniteQuery(listQuery(text, search.team_id));
  const filter = (change: Record<string, string>) =>
    void navigate({
      to: "/services",
      search: { ...search, ...change },
      replace: true,
    });
  const find = useDebouncedCallback(
    (words: string) => filter({ query: words }),
    TYPING_MS,
  );
  useHotkeys([["/", () => box.current?.focus()]]);
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New service
    </Button>
  );

  return (
    <Page title="Services" actions={add}>
      <Group gap="xs">
        <TextInput
          ref={box}
          aria-label="Find a service"
          placeholder="Find a service"
          leftSection={<IconSearch size={16} />}
          defaultValue={text}
          onChange={(event) => find(event.currentTarget.value.trim())}
          style={{ flex: "1 1 10rem" }}
        />
        <Select
          aria-label="Team"
          placeholder="All teams"
          data={teams?.map(({ id, name }) => ({ value: id, label: name }))}
          value={search.team_id ?? null}
          onChange={(id) => filter({ team_id: id ?? "" })}
          clearable
          style={{ flex: "1 1 8rem" }}
        />
      </Group>
      <Loaded what="The services" query={query}>
        {({ pages }) => {
          const services = pages.flatMap((page) => page.items);
          if (services.length > 0)
            return (
              <>
                <Rows label="Services">
                  {services.map((service) => (
                    <ServiceRow key={service.id} service={service} />
                  ))}
                </Rows>
                <LoadMore {...query} />
              </>
            );
          return text || search.team_id ? (
            <Empty
              icon={<IconSearch size={40} />}
              title="No service fits"
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    if (box.current) box.current.value = "";
                    filter({ query: "", team_id: "" });
                  }}
                >
                  Show all services
                </Button>
              }
            >
              Look for another word, or for another team.
            </Empty>
          ) : (
            <Empty
              icon={<IconServer2 size={40} />}
              title="No services yet"
              action={add || <TeamFirst />}
            >
              A service is what you monitor and a team owns: a website, a
              database, a job. Incidents belong to one, and its escalation
              policy says who is paged.
            </Empty>
          );
        }}
      </Loaded>
      {mayAdd && (
        <ServiceForm
          key={adding ? "adding" : "closed"}
          opened={adding}
          onClose={close}
          onSaved={({ id }) =>
            navigate({
              to: "/services/$serviceId",
              params: { serviceId: id },
            })
          }
        />
      )}
    </Page>
  );
}
