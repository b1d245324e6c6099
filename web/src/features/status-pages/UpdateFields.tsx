import { Chip, Group, Input, Textarea } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Stage, StatusPage } from "../../api/generated";
import { Affected } from "./Affected";
import { isStage, STAGES } from "./states";
import { type Draft, isOver, type States } from "./tell";

interface Props {
  page: StatusPage;
  form: UseFormReturnType<Draft>;
  /** how far it can be; none: as far as something new can be */
  stages?: readonly Stage[];
  onComponents?: (components: States) => void;
}

const NEW = ["investigating", "identified", "monitoring", "resolved"] as const;

/** What is told: how far it is, the words, the components. */
export function UpdateFields({
  page,
  form,
  stages = NEW,
  onComponents,
}: Props) {
  const { status, components } = form.values;
  return (
    <>
      <Input.Wrapper
        labelElement="div"
        label="How far it is"
        description={STAGES[status].means}
      >
        <Chip.Group
          value={status}
          onChange={(stage: string) =>
            isStage(stage) && form.setFieldValue("status", stage)
          }
        >
          <Group gap={6} mt={6} role="radiogroup" aria-label="How far it is">
            {stages.map((stage) => (
              <Chip key={stage} value={stage} size="sm">
                {STAGES[stage].word}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      <Textarea
        label="What people read"
        description="Plain text; addresses become links"
        autosize
        minRows={4}
        maxRows={14}
        maxLength={10_000}
        withAsterisk
        {...form.getInputProps("body")}
      />
      {!isOver(form.values) && (
        <Affected
          page={page}
          value={components}
          onChange={(next) => {
            form.setFieldValue("components", next);
            onComponents?.(next);
          }}
        />
      )}
    </>
  );
}
