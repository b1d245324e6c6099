import { ActionIcon, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil, IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { PageGrant, Partner } from "../../api/generated";
import { Row, Rows } from "../../ui/Rows";
import { Section } from "../../ui/Section";
import { exact } from "../../ui/time";
import { GrantForm } from "./GrantForm";
import { grantWords } from "./grants";
import { useGrant } from "./use-grant";

/** What a partner sees, page by page. */
export function Grants({ partner }: { partner: Partner }) {
  const [granting, { open, close }] = useDisclosure();
  const [changed, setChanged] = useState<PageGrant>();
  return (
    <Section
      title="What they see"
      action={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={open}
        >
          Grant a page
        </Button>
      }
    >
      {partner.grants.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing yet. Grant a whole page, or some of its components.
        </Text>
      ) : (
        <Rows label="Grants">
          {partner.grants.map((grant) => (
            <GrantRow
              key={grant.page.id}
              partner={partner}
              grant={grant}
              onChange={() => setChanged(grant)}
            />
          ))}
        </Rows>
      )}
      {granting && <GrantForm partner={partner} onClose={close} />}
      {changed && (
        <GrantForm
          partner={partner}
          grant={changed}
          onClose={() => setChanged(undefined)}
        />
      )}
    </Section>
  );
}

interface RowProps {
  partner: Partner;
  grant: PageGrant;
  onChange: () => void;
}

function GrantRow({ partner, grant, onChange }: RowProps) {
  const { mutate, isPending } = useGrant();
  const { page, components, partner_updates, counts, granted_by } = grant;
  const until = grant.expires_at ?? components[0]?.expires_at;
  return (
    <Row
      main={
        <>
          <Text fw={600}>{page.name}</Text>
          <Text size="sm" c="dimmed">
            {grantWords(grant)}
            {partner_updates && " · with updates for partners"}
            {granted_by && ` · granted by ${granted_by.name}`}
          </Text>
        </>
      }
      side={
        <>
          <Text size="sm" c={counts ? "dimmed" : "orange"}>
            {until && `${counts ? "until" : "over since"} ${exact(until)}`}
            {!until && !counts && "the page is not for partners"}
          </Text>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Change what they see of ${page.name}`}
            onClick={onChange}
          >
            <IconPencil size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Take ${page.name} back`}
            loading={isPending}
            onClick={() =>
              mutate({ partnerId: partner.id, pageId: page.id, body: null })
            }
          >
            <IconX size={16} />
          </ActionIcon>
        </>
      }
    />
  );
}
