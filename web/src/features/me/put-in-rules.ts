import {
  listNotificationRules,
  putNotificationRules,
} from "../../api/generated";

/** Who has rules would not be paged by a method that is in none of them. */
export async function putInRules(userId: string, methodId: string) {
  const path = { user_id: userId };
  const rules = await listNotificationRules({ path });
  const kept = rules.map(({ urgency, delay_s, contact_method_id }) => ({
    urgency,
    delay_s,
    contact_method_id,
  }));
  const added = (["high", "low"] as const)
    .filter(
      (urgency) =>
        rules.some((rule) => rule.urgency === urgency) &&
        // a chat that is linked anew is in them already
        !rules.some(
          (rule) =>
            rule.urgency === urgency && rule.contact_method_id === methodId,
        ),
    )
    .map((urgency) => ({ urgency, delay_s: 0, contact_method_id: methodId }));
  if (added.length > 0)
    await putNotificationRules({ path, body: [...kept, ...added] });
}
