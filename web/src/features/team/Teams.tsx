import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { teamsQuery } from "../../api/queries";
import { Empty } from "../../ui/Empty";
import { Loaded } from "../../ui/Loaded";
import { TextLink } from "../../ui/links";
import { Row, Rows } from "../../ui/Rows";
import { TeamForm } from "./TeamForm";

/** Groups of people who own things together. */
export function Teams({ mayAdd }: { mayAdd: boolean }) {
  const navigate = useNavigate();
  const query = useQuery(teamsQuery);
  const [adding, { open, close }] = useDisclosure();
  const add = mayAdd && (
    <Button leftSection={<IconPlus size={16} />} onClick={open}>
      New team
    </Button>
  );
  return (
    <Stack>
      <Loaded what="The teams" query={query}>
        {(teams) =>
          teams.length === 0 ? (
            <Empty
              icon={<IconUsersGroup size={40} />}
              title="No teams yet"
              action={add}
            >
              A team owns services, schedules and policies. Make one, then add
              its people.
            </Empty>
          ) : (
            <>
              {add && <Group justify="end">{add}</Group>}
              <Rows label="Teams">
                {teams.map(({ id, name, description, member_count }) => (
                  <Row
                    key={id}
                    main={
                      <>
                        <TextLink
                          to="/team/teams/$teamId"
                          params={{ teamId: id }}
                          fw={600}
                        >
                          {name}
                        </TextLink>
                        <Text size="sm" c="dimmed" lineClamp={1}>
                          {description}
                        </Text>
                      </>
                    }
                    side={
                      <Text size="sm" c="dimmed">
                        {member_count === 1
                          ? "1 person"
                          : `${member_count} people`}
                      </Text>
                    }
                  />
                ))}
              </Rows>
            </>
          )
        }
      </Loaded>
      {mayAdd && (
        <TeamForm
          key={adding ? "adding" : "closed"}
          opened={adding}
          onClose={close}
          onSaved={({ id }) =>
            navigate({ to: "/team/teams/$teamId", params: { teamId: id } })
          }
        />
      )}
    </Stack>
  );
}
