import type { Mode, ServiceAlertSettings } from "../../api/generated";
import { exactly } from "../../ui/spans";

/** The settings with all that the server leaves out at their usual values. */
export interface Treatment {
  mode: Mode;
  window_s: number | null;
  labels: string[];
  auto_resolve_s: number | null;
  tier: string | null;
  catch_all: boolean;
}

export const WINDOW_S = 300;

export const MODES: Readonly<Record<Mode, string>> = {
  source: "As the tool groups them",
  time: "Those that open within a while",
  labels: "Those that agree in some labels",
  dependencies: "With what is wrong with a service it depends on",
  off: "Not at all: every alert is an incident",
};

/** What a way of grouping means for whoever is paged. */
export const MEANS: Readonly<Record<Mode, string>> = {
  source:
    "Alerts with the same group key share an incident; others have one of their own.",
  time: "An alert joins the incident that opened shortly before it.",
  labels: "Alerts with the same values of these labels share an incident.",
  dependencies:
    "While a service above has an incident, alerts join it; otherwise as the tool groups them.",
  off: "Everybody is paged for each of them.",
};

export function treatmentOf(settings: ServiceAlertSettings): Treatment {
  const { grouping, auto_resolve_s, tier, catch_all } = settings;
  return {
    mode: grouping?.mode ?? "source",
    window_s: grouping?.window_s ?? WINDOW_S,
    labels: grouping?.labels ?? [],
    auto_resolve_s: auto_resolve_s ?? null,
    tier: tier ? String(tier) : null,
    catch_all: catch_all ?? false,
  };
}

/** What to send: only the chosen way's own settings count. */
export function settingsOf(treatment: Treatment): ServiceAlertSettings {
  const { mode, window_s, labels, auto_resolve_s, tier, catch_all } = treatment;
  return {
    grouping: {
      mode,
      window_s: mode === "time" ? (window_s ?? WINDOW_S) : WINDOW_S,
      labels: mode === "labels" ? labels : [],
    },
    auto_resolve_s,
    tier: tier === null ? null : Number(tier),
    catch_all,
  };
}

/** "those that open within 5 min share an incident" */
export function groupingInWords({ mode, window_s, labels }: Treatment): string {
  if (mode === "time")
    return `Those that open within ${exactly(window_s ?? WINDOW_S)} of it`;
  if (mode === "labels") return `Those that agree in ${labels.join(", ")}`;
  return MODES[mode];
}

/** When an alert that nobody resolves is over. */
export function autoResolveInWords(seconds: number | null): string {
  return seconds === null
    ? "Only when the tool or a person says so"
    : `After ${exactly(seconds)} without an event`;
}
