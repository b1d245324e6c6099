import { Button, Radio, Stack, Switch, TagsInput, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { changeStatusPage, type StatusPage } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { PagePassword } from "./PagePassword";
import { Tokens } from "./Tokens";

/** Public, or private and opened by any of several keys. */
export function Access({ page }: { page: StatusPage }) {
  const { visibility, signed_in, partners, networks } = page;
  const form = useForm({
    initialValues: { visibility, signed_in, partners, networks },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (body) => changeStatusPage({ path: { page_id: page.id }, body }),
    stale: [["status-pages"]],
    onSaved: () => toastDone("Saved; the page changes within seconds"),
  });
  const isPrivate = form.values.visibility === "private";
  return (
    <Stack>
      <form onSubmit={form.onSubmit((values) => save(values))}>
        <Stack>
          <Radio.Group
            aria-label="Who may look"
            {...form.getInputProps("visibility")}
          >
            <Stack gap="xs">
              <Radio
                value="public"
                label="Public"
                description="Whoever knows the address"
              />
              <Radio
                value="private"
                label="Private"
                description="Whom one of these lets in; for all others there is no such page"
              />
            </Stack>
          </Radio.Group>
          {isPrivate && (
            <Switch
              label="People who are signed in to PageFree"
              {...form.getInputProps("signed_in", { type: "checkbox" })}
            />
          )}
          <Switch
            label="Partners to whom it was granted"
            {...form.getInputProps("partners", { type: "checkbox" })}
          />
          {isPrivate && (
            <TagsInput
              label="Addresses and networks"
              description="Enter after each: 192.0.2.0/24"
              placeholder={
                form.values.networks.length === 0 ? "None" : undefined
              }
              clearable
              {...form.getInputProps("networks")}
            />
          )}
          <Problem text={problem} />
          <div>
            <Button type="submit" loading={isPending}>
              Save who may look
            </Button>
          </div>
        </Stack>
      </form>
      {visibility === "private" ? (
        <>
          <PagePassword page={page} />
          <Tokens page={page} />
        </>
      ) : (
        isPrivate && (
          <Text size="sm" c="dimmed">
            Once it is saved as private, a password and tokens can open it, too.
          </Text>
        )
      )}
    </Stack>
  );
}
