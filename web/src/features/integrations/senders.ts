import type { Sender } from "../../api/generated";

interface Way {
  title: string;
  /** what is looked for in a request */
  proof: string;
}

const IN_TIME = "It is good for 5 minutes, and once.";

/** Whose way of signing can be chosen, and what is verified then. */
export const SENDERS: Record<Sender, Way> = {
  checkly: {
    title: "Checkly",
    proof: "X-Checkly-Signature: a keyed hash of the body, in hex.",
  },
  github: {
    title: "GitHub",
    proof: "X-Hub-Signature-256: sha256= and a keyed hash of the body, in hex.",
  },
  gitlab: {
    title: "GitLab",
    proof:
      "X-Gitlab-Token: the secret itself; or a signature as in Standard Webhooks.",
  },
  grafana: {
    title: "Grafana",
    proof: "X-Grafana-Alerting-Signature: a keyed hash of the body, in hex.",
  },
  honeycomb: {
    title: "Honeycomb",
    proof: "X-Honeycomb-Webhook-Token: the secret itself.",
  },
  mailgun: {
    title: "Mailgun",
    proof: `In the body: a keyed hash of a time and a token, not of the rest. ${IN_TIME}`,
  },
  pagerduty: {
    title: "PagerDuty (webhooks v3)",
    proof:
      "X-PagerDuty-Signature: v1= and a keyed hash of the body, perhaps several.",
  },
  sentry: {
    title: "Sentry",
    proof: "Sentry-Hook-Signature: a keyed hash of the body, in hex.",
  },
  slack: {
    title: "Slack",
    proof: `X-Slack-Signature: v0= and a keyed hash of the time and the body. ${IN_TIME}`,
  },
  splunk_observability: {
    title: "Splunk Observability",
    proof: "X-SFX-Signature: a keyed hash of the body, in base64.",
  },
  standard_webhooks: {
    title: "Standard Webhooks",
    proof: `webhook-signature: a keyed hash of the id, the time and the body. ${IN_TIME}`,
  },
  statuscake: {
    title: "StatusCake",
    proof: "Token, in the form: a hash of the user name and the API key.",
  },
};
