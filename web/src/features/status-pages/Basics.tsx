import {
  Button,
  ColorInput,
  Group,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { changeStatusPage, type StatusPage } from "../../api/generated";
import { Problem } from "../../ui/Problem";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { ZoneSelect } from "../../ui/ZoneSelect";
import { RulesFields, USUAL } from "./RulesFields";

const SWATCHES = [
  "#4c6ef5",
  "#228be6",
  "#0ca678",
  "#37b24d",
  "#f08c00",
  "#e8590c",
  "#e03131",
  "#ae3ec9",
  "#495057",
];
const THEMES = [
  { value: "auto", label: "As the reader’s device is" },
  { value: "light", label: "Always light" },
  { value: "dark", label: "Always dark" },
];

/** Name, address, look, rules. */
export function Basics({ page }: { page: StatusPage }) {
  const form = useForm({
    initialValues: {
      name: page.name,
      slug: page.slug,
      domain: page.domain ?? "",
      support_url: page.support_url ?? "",
      time_zone: page.time_zone,
      colour: page.colour,
      theme: page.theme,
      uptime_shown: page.uptime_shown,
      rules: Object.keys(page.rules).length > 0 ? page.rules : { ...USUAL },
    },
    validate: {
      name: (name) => (name.trim() ? null : "Say what people know it by"),
      slug: (slug) => (slug ? null : "Say where it is"),
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: (values) =>
      changeStatusPage({
        path: { page_id: page.id },
        body: {
          ...values,
          domain: values.domain.trim().toLowerCase() || null,
          support_url: values.support_url.trim() || null,
          colour: values.colour.toLowerCase(),
        },
      }),
    stale: [["status-pages"]],
    onSaved: () => toastDone("Saved; the page changes within seconds"),
  });
  const { domain, slug } = form.values;
  return (
    <form onSubmit={form.onSubmit((values) => save(values))}>
      <Stack>
        <TextInput
          label="Name"
          maxLength={200}
          withAsterisk
          {...form.getInputProps("name")}
        />
        <Group align="start" grow preventGrowOverflow={false}>
          <TextInput
            label="Address"
            description={`${window.location.origin}/s/${slug}/`}
            maxLength={63}
            withAsterisk
            style={{ flexBasis: 240 }}
            {...form.getInputProps("slug")}
          />
          <TextInput
            label="Host name of its own"
            description="May be empty"
            placeholder="status.example.org"
            style={{ flexBasis: 240 }}
            {...form.getInputProps("domain")}
          />
        </Group>
        {domain && (
          <Text size="sm" c="dimmed">
            Point {domain} at your proxy, and have it pass requests on with the
            Host header as it came. The certificate is the proxy’s job.
          </Text>
        )}
        <TextInput
          label="Where people get help"
          description="An address or mailto: — the page links to it"
          placeholder="https://example.org/help"
          {...form.getInputProps("support_url")}
        />
        <Group align="start" grow preventGrowOverflow={false}>
          <ColorInput
            label="Colour"
            swatches={SWATCHES}
            style={{ flexBasis: 200 }}
            {...form.getInputProps("colour")}
          />
          <Select
            label="Dark or light"
            data={THEMES}
            allowDeselect={false}
            style={{ flexBasis: 200 }}
            {...form.getInputProps("theme")}
          />
          <ZoneSelect
            label="Days by the clocks of"
            allowDeselect={false}
            style={{ flexBasis: 200 }}
            {...form.getInputProps("time_zone")}
          />
        </Group>
        <Switch
          label="Show 90 days of uptime"
          {...form.getInputProps("uptime_shown", { type: "checkbox" })}
        />
        <RulesFields
          value={form.values.rules}
          onChange={(rules) => form.setFieldValue("rules", rules)}
        />
        <Problem text={problem} />
        <div>
          <Button type="submit" loading={isPending}>
            Save
          </Button>
        </div>
      </Stack>
    </form>
  );
}
