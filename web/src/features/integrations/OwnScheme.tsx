import {
  Button,
  Group,
  Select,
  SimpleGrid,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type IntegrationSigning,
  patchSigning,
  type Sender,
  type SigningScheme,
} from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { toastDone } from "../../ui/toast";
import { useSave } from "../../ui/use-save";
import { signingQuery } from "./queries";
import { SENDERS } from "./senders";

const ENCODINGS = ["hex", "base64"] as const;
const ALGORITHMS = ["sha256", "sha512", "sha1"] as const;
const OWN = "own";
const SENDER_OPTIONS = Object.entries(SENDERS).map(([value, { title }]) => ({
  value,
  label: `As ${title} signs`,
}));

type Described = Required<SigningScheme> & { way: Sender | typeof OWN };

interface Props {
  integrationId: string;
  signing: IntegrationSigning;
  onClose: () => void;
}

/** Say whose way of signing is used, or describe a keyed hash (HMAC) of its own. */
export function OwnScheme({ integrationId, signing, onClose }: Props) {
  const queryClient = useQueryClient();
  const path = { integration_id: integrationId };
  const stale = signingQuery(integrationId).queryKey;
  const { own_scheme: known, signed_as } = signing;
  const form = useForm<Described>({
    initialValues: {
      way: signed_as ?? OWN,
      header: known?.header ?? "",
      message: known?.message ?? "{body}",
      prefix: known?.prefix ?? "",
      encoding: known?.encoding ?? "hex",
      algorithm: known?.algorithm ?? "sha256",
      separator: known?.separator ?? "",
      timestamp_header: known?.timestamp_header ?? "",
      id_header: known?.id_header ?? "",
      base64_secret: known?.base64_secret ?? false,
    },
    validate: {
      header: (header, { way }) =>
        way !== OWN || header.trim() ? null : "Say which header",
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ way, ...own_scheme }) =>
      patchSigning({
        path,
        body: way === OWN ? { own_scheme } : { signed_as: way },
      }),
    stale: [stale],
    onSaved: () => {
      toastDone("Signatures are verified like this from now on");
      onClose();
    },
  });
  const forget = useMutation({
    mutationFn: () => patchSigning({ path, body: { own_scheme: null } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: stale });
      onClose();
    },
  });
  return (
    <FormModal
      opened
      onClose={onClose}
      title="How the requests are signed"
      action="Verify like this"
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <Select
        label="Signed how"
        description="Many tools sign as one of these does"
        data={[{ value: OWN, label: "In its own way" }, ...SENDER_OPTIONS]}
        allowDeselect={false}
        searchable
        {...form.getInputProps("way")}
      />
      {form.values.way === OWN ? (
        <OwnFields form={form} />
      ) : (
        <Text size="sm" c="dimmed">
          {SENDERS[form.values.way].proof} Nothing is refused before a secret is
          set.
        </Text>
      )}
      {(known || signed_as) && (
        <Group>
          <Button
            variant="default"
            size="xs"
            loading={forget.isPending}
            onClick={() => forget.mutate()}
          >
            Forget this, verify as its kind does
          </Button>
        </Group>
      )}
    </FormModal>
  );
}

/** The parts of a keyed hash that PageFree does not know by name. */
function OwnFields({ form }: { form: UseFormReturnType<Described> }) {
  return (
    <>
      <Text size="sm" c="dimmed">
        For senders that sign with a keyed hash (HMAC) of what they send. Their
        documentation names these parts.
      </Text>
      <TextInput
        label="Header of the signature"
        placeholder="X-Signature"
        withAsterisk
        data-autofocus
        {...form.getInputProps("header")}
      />
      <TextInput
        label="What is signed"
        description="{body}, {timestamp} and {id} stand for what was sent; anything else for itself"
        placeholder="{timestamp}.{body}"
        {...form.getInputProps("message")}
      />
      <Group grow align="start">
        <Select
          label="Hash"
          data={ALGORITHMS}
          allowDeselect={false}
          {...form.getInputProps("algorithm")}
        />
        <Select
          label="Written as"
          data={ENCODINGS}
          allowDeselect={false}
          {...form.getInputProps("encoding")}
        />
        <TextInput
          label="Prefix"
          placeholder="sha256="
          {...form.getInputProps("prefix")}
        />
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput
          label="Header of the time"
          description="Only if it is signed: 5 minutes off are refused"
          {...form.getInputProps("timestamp_header")}
        />
        <TextInput
          label="Header of the id"
          description="Only if it is signed"
          {...form.getInputProps("id_header")}
        />
      </SimpleGrid>
      <TextInput
        label="Between several signatures in one header"
        description="One right signature is enough. Empty: there is only one"
        placeholder=","
        {...form.getInputProps("separator")}
      />
      <Switch
        label="The secret is base64 of the key"
        {...form.getInputProps("base64_secret", { type: "checkbox" })}
      />
    </>
  );
}
