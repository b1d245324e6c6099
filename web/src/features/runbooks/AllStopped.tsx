import { Alert } from "@mantine/core";
import { IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Ago } from "../../ui/Ago";
import { settingsQuery } from "./queries";

/** Says so while the kill switch of the whole installation is thrown. */
export function AllStopped() {
  const { data } = useQuery(settingsQuery);
  if (!data?.stopped_at) return null;
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconHandStop aria-hidden />}
      title="All runbooks are stopped"
    >
      {data.stopped_reason} (<Ago at={data.stopped_at} />
      ). Nothing starts until a platform admin lets them go again.
    </Alert>
  );
}
