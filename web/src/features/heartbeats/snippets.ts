import type { Heartbeat } from "../../api/generated";

type Target = Pick<Heartbeat, "ping_url" | "post_only" | "period_s" | "cron">;

export interface Snippet {
  title: string;
  text: string;
  /** what it is good for */
  means: string;
}

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
const PATIENT = "-fsS -m 10 --retry 5 -o /dev/null";

/** The line of a crontab that comes round about as often. */
export function cronOf({ cron, period_s }: Target): string {
  if (cron) return cron;
  const period = period_s ?? DAY_S;
  const minutes = Math.round(period / MINUTE_S);
  if (period < HOUR_S) return `*/${Math.max(1, minutes)} * * * *`;
  const hours = Math.round(period / HOUR_S);
  if (period < DAY_S) return `0 */${hours} * * *`;
  return period < 7 * DAY_S ? "0 3 * * *" : "0 3 * * 1";
}

/** Ready to paste: how a job says that it has done its work. */
export function snippets(heartbeat: Target): Snippet[] {
  const { ping_url, post_only } = heartbeat;
  const post = post_only ? " -X POST" : "";
  const curl = (path = "") => `curl ${PATIENT}${post} ${ping_url}${path}`;
  return [
    {
      title: "crontab",
      text: `${cronOf(heartbeat)} /usr/local/bin/backup && ${curl()}`,
      means: "Pings only when the job has gone well.",
    },
    {
      title: "Shell",
      text: `${curl("/start")}\n/usr/local/bin/backup\n${curl("/$?")}`,
      means:
        "Tells how long each run takes, and of a failure at once: the exit status stands at the end.",
    },
    {
      title: "With output",
      text: `m=$(/usr/local/bin/backup 2>&1)\nstatus=$?\nprintf '%s' "$m" | tail -c 10000 | curl ${PATIENT} --data-binary @- ${ping_url}/$status`,
      means: "People who are paged read what the job printed.",
    },
    {
      title: "systemd",
      text: `[Service]\nExecStart=/usr/local/bin/backup\nExecStopPost=/bin/sh -c '${curl("/$$EXIT_STATUS")}'`,
      means: "In the unit of the job; it pings however the job ends.",
    },
    {
      title: "Python",
      text: `import urllib.request\n\nurllib.request.urlopen("${ping_url}"${post_only ? ', data=b""' : ""}, timeout=10)`,
      means: "At the end of what has to be done.",
    },
  ];
}
