import { Button, FileButton, Group, Image, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteStatusPagePicture,
  putStatusPagePicture,
  type StatusPage,
} from "../../api/generated";
import { toastDone } from "../../ui/toast";
import { base64Of } from "./base64";

const ACCEPTED = "image/png,image/jpeg,image/webp,image/x-icon,.ico";
const LIMIT = 200_000;
type Which = "logo" | "favicon";

/** The pictures of a page: beside its name, and in the tabs of browsers. */
export function Pictures({ page }: { page: StatusPage }) {
  return (
    <Stack>
      <Picture page={page} which="logo" title="Logo" has={page.has_logo} />
      <Picture
        page={page}
        which="favicon"
        title="Icon of the tab"
        has={page.has_favicon}
      />
      <Text size="sm" c="dimmed">
        PNG, JPEG, WebP or ICO, at most 200 kB.
      </Text>
    </Stack>
  );
}

interface Props {
  page: StatusPage;
  which: Which;
  title: string;
  has: boolean;
}

function Picture({ page, which, title, has }: Props) {
  const queryClient = useQueryClient();
  const path = { page_id: page.id, which };
  const { mutate, isPending } = useMutation({
    mutationFn: async (file: File | null) => {
      if (file === null) return deleteStatusPagePicture({ path });
      if (file.size > LIMIT)
        throw new Error(`${file.name} has more than 200 kB: make it smaller`);
      const content = base64Of(await file.arrayBuffer());
      return putStatusPagePicture({ path, body: { content } });
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["status-pages"] });
      toastDone("Saved; the page changes within seconds");
    },
  });
  return (
    <Group gap="md">
      <Text size="sm" w={120}>
        {title}
      </Text>
      {has && page.visibility === "public" && (
        <Image
          src={`${page.url}/${which}?${page.version}`}
          alt={title}
          h={32}
          w="auto"
          maw={160}
          fit="contain"
        />
      )}
      <FileButton
        accept={ACCEPTED}
        onChange={(file) => file && mutate(file)}
        inputProps={{ "aria-label": `Choose: ${title}` }}
      >
        {(props) => (
          <Button variant="default" loading={isPending} {...props}>
            {has ? "Choose another" : "Choose a file"}
          </Button>
        )}
      </FileButton>
      {has && (
        <Button variant="subtle" onClick={() => mutate(null)}>
          Take it away
        </Button>
      )}
    </Group>
  );
}
