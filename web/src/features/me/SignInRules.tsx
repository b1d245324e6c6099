import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  getSignInRules,
  putSignInRules,
  type SignInRules as Rules,
} from "../../api/generated";
import { Loaded } from "../../ui/Loaded";
import { Section } from "../../ui/Section";
import { withStepUp } from "../../ui/step-up";
import { EverybodysFactor } from "./EverybodysFactor";

const KEY = ["sign-in-rules"];

/** For platform admins: how everybody signs in here. */
export function SignInRules() {
  const queryClient = useQueryClient();
  const query = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => getSignInRules({ signal }),
  });
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Rules) => withStepUp(() => putSignInRules({ body })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <Section title="How everybody signs in here">
      <Loaded what="The rules" query={query}>
        {(rules) => (
          <>
            <Switch
              label="Links by mail"
              description="People may have a link sent instead of giving a password; never platform admins"
              checked={rules.magic_links ?? false}
              disabled={isPending}
              onChange={(event) =>
                mutate({ magic_links: event.currentTarget.checked })
              }
            />
            <EverybodysFactor
              from={rules.second_factor_from ?? null}
              busy={isPending}
              onChange={(second_factor_from) => mutate({ second_factor_from })}
            />
          </>
        )}
      </Loaded>
    </Section>
  );
}
