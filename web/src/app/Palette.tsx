import "@mantine/spotlight/styles.css";
import { useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { Spotlight, spotlight } from "@mantine/spotlight";
import {
  IconAlertCircle,
  IconLogout,
  IconMoon,
  IconSearch,
  IconUrgent,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useMe } from "../me";
import { signOut } from "../sign-out";
import { placesFor } from "./places";
import { findIncidentsQuery } from "./queries";

interface Entry {
  id: string;
  label: string;
  description?: string;
  icon: ReactNode;
  run: () => unknown;
}

function useEntries(): Entry[] {
  const me = useMe();
  const navigate = useNavigate();
  const { toggleColorScheme } = useMantineColorScheme();
  const places = placesFor(me).map(({ to, title, icon: Mark }) => ({
    id: to,
    label: title,
    icon: <Mark size={18} />,
    run: () => navigate({ to }),
  }));
  return [
    ...places,
    {
      id: "declare",
      label: "Page someone",
      description: "Declare an incident by hand",
      icon: <IconUrgent size={18} />,
      run: () => navigate({ to: "/incidents", search: { declare: "1" } }),
    },
    {
      id: "colours",
      label: "Switch between dark and light",
      icon: <IconMoon size={18} />,
      run: toggleColorScheme,
    },
    {
      id: "sign-out",
      label: "Sign out",
      icon: <IconLogout size={18} />,
      run: signOut,
    },
  ];
}

/** Jump to anything, run any action. */
export default function Palette() {
  const [text, setText] = useState("");
  const [wanted] = useDebouncedValue(text.trim(), 150);
  const navigate = useNavigate();
  const found = useQuery(findIncidentsQuery(wanted)).data?.items ?? [];
  const words = text.trim().toLowerCase();
  const entries = useEntries().filter(({ label, description = "" }) =>
    `${label} ${description}`.toLowerCase().includes(words),
  );
  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      shortcut="mod + K"
      scrollable
      maxHeight={440}
    >
      <Spotlight.Search
        placeholder="Where to, or what to do? Numbers and words find incidents"
        leftSection={<IconSearch size={18} />}
      />
      <Spotlight.ActionsList>
        {entries.map(({ id, label, description, icon, run }) => (
          <Spotlight.Action
            key={id}
            label={label}
            description={description}
            leftSection={icon}
            onClick={() => void run()}
          />
        ))}
        {words &&
          found.map((incident) => (
            <Spotlight.Action
              key={incident.id}
              label={`#${incident.number} ${incident.title}`}
              description={`${incident.status} · ${incident.service.name}`}
              leftSection={<IconAlertCircle size={18} />}
              onClick={() => {
                spotlight.close();
                void navigate({
                  to: "/incidents/$incidentId",
                  params: { incidentId: String(incident.number) },
                });
              }}
            />
          ))}
        {entries.length === 0 && found.length === 0 && (
          <Spotlight.Empty>Nothing has that name.</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
