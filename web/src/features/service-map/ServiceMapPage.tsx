import { Group, SegmentedControl, Select, Skeleton, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconSitemap } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import type { ServiceMap } from "../../api/generated";
import { serviceTagsQuery, teamsQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { ServiceSelect } from "../../ui/ServiceSelect";
import { TIER_CHOICES } from "../../ui/service-states";
import { MapList } from "./MapList";
import { mapQuery, type Part } from "./queries";

const MapCanvas = lazy(() => import("./MapCanvas"));

const SHAPES = [
  { value: "map", label: "Picture" },
  { value: "list", label: "List" },
];

/** Which services hang together, and how each is doing now. */
export function ServiceMapPage() {
  const search: Record<string, string> = useSearch({
    from: "/frame/service-map",
  });
  const navigate = useNavigate();
  const small = useMediaQuery("(max-width: 47.99em)", undefined, {
    getInitialValueInEffect: false,
  });
  const { shape = small ? "list" : "map", ...part } = search;
  const query = useQuery({
    ...mapQuery(part),
    placeholderData: keepPreviousData,
  });
  const change = (named: Record<string, string>) =>
    void navigate({
      to: "/service-map",
      search: { ...search, ...named },
      replace: true,
    });
  return (
    <Page
      title="Service map"
      actions={
        <ButtonLink to="/services" variant="default">
          All services
        </ButtonLink>
      }
    >
      <Choices part={part} onChange={change} />
      <SegmentedControl
        aria-label="Shown as"
        data={SHAPES}
        value={shape}
        onChange={(next) => change({ shape: next })}
        style={{ alignSelf: "start" }}
      />
      <Loaded what="The map" query={query}>
        {(map) =>
          map.services.length === 0 ? (
            <Nothing part={part} map={map} />
          ) : (
            <>
              {shape === "list" ? (
                <MapList map={map} />
              ) : (
                <Suspense fallback={<Skeleton height={380} />}>
                  <MapCanvas
                    // another part is laid out and centred anew
                    key={JSON.stringify(part)}
                    map={map}
                    middle={part.around}
                    tall={small}
                    onOpen={(serviceId) =>
                      void navigate({
                        to: "/services/$serviceId",
                        params: { serviceId },
                      })
                    }
                  />
                </Suspense>
              )}
              <LeftOut map={map} />
            </>
          )
        }
      </Loaded>
    </Page>
  );
}

interface ChoicesProps {
  part: Part;
  onChange: (change: Record<string, string>) => void;
}

function Choices({ part, onChange }: ChoicesProps) {
  const teams = useQuery(teamsQuery).data;
  const tags = useQuery(serviceTagsQuery).data ?? [];
  const choice = (name: "team_id" | "tier" | "tag") => ({
    value: part[name] ?? null,
    onChange: (value: string | null) => onChange({ [name]: value ?? "" }),
    clearable: true,
    style: { flex: "1 1 8rem" },
  });
  return (
    <Group gap="xs" align="end">
      <div style={{ flex: "1 1 12rem" }}>
        <ServiceSelect
          label="Around"
          placeholder="All services that hang together"
          clearable
          value={part.around ?? null}
          onChange={(id) => onChange({ around: id ?? "" })}
        />
      </div>
      <Select
        label="Team"
        placeholder="All teams"
        data={teams?.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        {...choice("team_id")}
      />
      <Select
        label="Tier"
        placeholder="All tiers"
        data={TIER_CHOICES}
        {...choice("tier")}
      />
      {tags.length > 0 && (
        <Select
          label="Tag"
          placeholder="All tags"
          data={tags.map(({ tag }) => tag)}
          searchable
          {...choice("tag")}
        />
      )}
    </Group>
  );
}

function Nothing({ part, map }: { part: Part; map: ServiceMap }) {
  const filtered = Object.values(part).some(Boolean);
  return (
    <Empty
      icon={<IconSitemap size={40} />}
      title={filtered ? "Nothing hangs together here" : "No dependencies yet"}
      action={<ButtonLink to="/services">Open the services</ButtonLink>}
    >
      {map.alone > 0 &&
        `${map.alone === 1 ? "One service fits" : `${map.alone} services fit`}, but nothing is known that ${map.alone === 1 ? "it depends" : "they depend"} on. `}
      Say on the page of a service what it depends on: then the map shows what
      an outage reaches, and incidents show their likely cause.
    </Empty>
  );
}

function LeftOut({ map: { alone, left_out } }: { map: ServiceMap }) {
  const words = [
    left_out > 0 &&
      `${left_out} more do not fit: choose a team, a tier or a service.`,
    alone > 0 &&
      `${alone === 1 ? "One service has" : `${alone} services have`} no dependencies and ${alone === 1 ? "is" : "are"} not drawn.`,
  ].filter(Boolean);
  if (words.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {words.join(" ")}
    </Text>
  );
}
