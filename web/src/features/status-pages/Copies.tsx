import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { StatusPage, StatusPageCopy } from "../../api/generated";
import { At } from "../../ui/Ago";
import { Loaded } from "../../ui/Loaded";
import { Row, Rows } from "../../ui/Rows";
import { StateLabel } from "../../ui/StateLabel";
import { copiesQuery } from "./queries";
import { lookOfCopy } from "./states";

/** Where the page lies besides here, and how far that is. */
export function Copies({ page }: { page: StatusPage }) {
  const query = useQuery(copiesQuery(page.id));
  if (page.visibility === "private")
    return (
      <Text size="sm" c="dimmed">
        A private page is copied nowhere.
      </Text>
    );
  return (
    <Loaded what="The copies" query={query}>
      {({ bucket, folder }) => (
        <Stack gap="sm">
          {bucket || folder ? (
            <Rows label="Copies">
              {bucket && <Copy title="Bucket" copy={bucket} />}
              {folder && <Copy title="Folder of another host" copy={folder} />}
            </Rows>
          ) : (
            <Text size="sm">No copy is made.</Text>
          )}
          <Text size="sm" c="dimmed">
            Another host can serve a copy while this installation is down.
            Whoever runs it sets a bucket or a folder:{" "}
            <code>PAGEFREE_STATUS_S3_BUCKET</code>,{" "}
            <code>PAGEFREE_STATUS_EXPORT_DIR</code>.
          </Text>
        </Stack>
      )}
    </Loaded>
  );
}

function Copy({ title, copy }: { title: string; copy: StatusPageCopy }) {
  const { copied_at, error } = copy;
  return (
    <Row
      main={
        <Stack gap={0}>
          <Text fw={600}>{title}</Text>
          <Text size="sm" c="dimmed">
            {copied_at ? (
              <>
                last copied <At at={copied_at} />
              </>
            ) : (
              "never copied"
            )}
          </Text>
          {error && <Text size="sm">It is tried again by itself: {error}</Text>}
        </Stack>
      }
      side={<StateLabel {...lookOfCopy(copy)} />}
    />
  );
}
