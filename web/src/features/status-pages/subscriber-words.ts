import type { StatusSubscriber } from "../../api/generated";

export const WAYS: Readonly<Record<StatusSubscriber["way"], string>> = {
  email: "E-mail",
  webhook: "Webhook",
  slack: "Slack",
  teams: "Microsoft Teams",
  sms: "Text message",
};

/** What somebody is told of, in one line. */
export function about(one: StatusSubscriber): string {
  const kinds = [
    one.incidents && "incidents",
    one.maintenances && "maintenance",
  ].filter(Boolean);
  const what = kinds.length > 0 ? kinds.join(" and ") : "nothing";
  const names = one.components.map(({ name }) => name).join(", ");
  return names ? `${what} of ${names}` : what;
}
