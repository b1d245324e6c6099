import type { UseFormReturnType } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type {
  ProposalIn,
  StatusPage,
  StatusProposal,
} from "../../api/generated";
import { toastError } from "../../ui/toast";
import { proposalQuery } from "./queries";
import type { Draft, States } from "./tell";

interface Options {
  page: StatusPage;
  form: UseFormReturnType<Draft>;
  /** the incident of ours that is told about */
  incidentId?: string;
  /** what the form began with; none: it began empty */
  proposal?: StatusProposal;
}

/** The words of templates in a form; what somebody has changed by hand is left alone. */
export function useWords({ page, form, incidentId, proposal }: Options) {
  const queryClient = useQueryClient();
  const [templateId, setTemplateId] = useState<string | null>(null);
  const [filled, setFilled] = useState(proposal);
  const fill = async (asked: ProposalIn) => {
    const found = await queryClient
      .fetchQuery(proposalQuery(page.id, asked))
      .catch(toastError);
    if (!found) return;
    setFilled(found);
    form.setValues({ name: found.name, body: found.body });
    if (asked.template_id) form.setFieldValue("status", found.status);
  };
  return {
    choose: (id: string | null) => {
      setTemplateId(id);
      const { components } = form.getValues();
      void fill({ template_id: id, incident_id: incidentId, components });
    },
    /** the words name components: say those that are chosen now */
    refill: (components: States) => {
      const { name, body } = form.getValues();
      if (!filled || name !== filled.name || body !== filled.body) return;
      void fill({ template_id: templateId, components });
    },
  };
}
