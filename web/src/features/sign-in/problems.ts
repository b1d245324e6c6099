/** Why a provider's sign-in did not work, in words; the API's `Problem`. */
const PROBLEMS: Readonly<Record<string, string>> = {
  expired: "That took too long, or was used already. Please sign in again.",
  cancelled: "The identity provider did not let you in, or you went back.",
  unreachable:
    "The identity provider does not answer. Try again in a moment; if it goes on, tell a platform admin.",
  untrusted:
    "What the identity provider answered proves nothing. A platform admin finds out why in the log.",
  no_account:
    "You have no account here yet. Ask a team admin to invite you with the address you sign in with.",
  no_email: "The identity provider does not tell your e-mail address.",
  wrong_domain: "Addresses like yours may not sign in here.",
  unverified: "The identity provider has not verified your e-mail address.",
  email_taken:
    "There is an account with your e-mail address that is not linked. Ask a platform admin.",
  deactivated: "Your account is deactivated. Ask a platform admin.",
};

/** The words for what stands in the address. */
export function problemText(problem: string | undefined): string | undefined {
  if (!problem) return undefined;
  return PROBLEMS[problem] ?? "That did not work. Please sign in again.";
}
