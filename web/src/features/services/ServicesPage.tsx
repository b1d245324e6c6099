import { Button } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import {
  IconPlus,
  IconSearch,
  IconServer2,
  IconSitemap,
} from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { LoadMore } from "../../ui/LoadMore";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Rows } from "../../ui/Rows";
import { TeamFirst } from "../../ui/TeamFirst";
import { useEditableTeams } from "../../ui/use-editable-teams";
import { Filters } from "./Filters";
import { listQuery } from "./queries";
import { ServiceForm } from "./ServiceForm";
import { ServiceRow } from "./ServiceRow";
import { WaitingTransfers } from "./Transfer";

/** What is monitored, and who owns it. */
export function ServicesPage() {
  const search: Record<string, string> = useSearch({ from: "/frame/services" });
  const navigate = useNavigate();
  const mayAdd = useEditableTeams().length > 0;
  const [adding, { open, close }] = useDisclosure();
  const box = useRef<HTMLInputElement>(null);
  const { query: text = "", ...more } = search;
  const query = useInfiniteQuery(listQuery({ query: text, ...more }));
  const filtered = Object.values(search).some((each) => each !== "");
  const filter = (change: Record<string, string>) =>
    void navigate({
      to: "/services",
      search: { ...search, ...change },
      replace: true,
    });
  useHotkeys([["/", () => box.current?.focus()]]);
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New service
    </Button>
  );

  return (
    <Page
      title="Services"
      actions={
        <>
          <ButtonLink
            to="/service-map"
            search={search.team_id ? { team_id: search.team_id } : {}}
            variant="default"
            leftSection={<IconSitemap size={16} />}
          >
            Map
          </ButtonLink>
          {add}
        </>
      }
    >
      <WaitingTransfers />
      <Filters search={search} box={box} onChange={filter} />
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
          return filtered ? (
            <Empty
              icon={<IconSearch size={40} />}
              title="No service fits"
              action={
                <Button
                  variant="default"
                  onClick={() => {
                    if (box.current) box.current.value = "";
                    void navigate({ to: "/services", replace: true });
                  }}
                >
                  Show all services
                </Button>
              }
            >
              Look for another word, or take a filter away.
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
