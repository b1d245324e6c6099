import {
  Badge,
  type CSSVariablesResolver,
  createTheme,
  Modal,
  PasswordInput,
  Tooltip,
} from "@mantine/core";

/** Calm and dense; colour means state, indigo means action (shade 7 keeps 4.5:1 under white). */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: 7,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  components: {
    Badge: Badge.extend({ defaultProps: { tt: "none" } }),
    PasswordInput: PasswordInput.extend({
      // the library leaves it out of the reach of Tab
      defaultProps: {
        visibilityToggleFocusable: true,
        visibilityToggleButtonProps: { "aria-label": "Show the password" },
      },
    }),
    // a long title takes two lines
    Modal: Modal.extend({ styles: { title: { lineHeight: 1.35 } } }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        withArrow: true,
        openDelay: 250,
        transitionProps: { duration: 100 },
        events: { hover: true, focus: true, touch: true },
      },
    }),
  },
});

/** Quiet text that still has a contrast of 4.5:1. */
export const cssVariables: CSSVariablesResolver = (mantine) => ({
  variables: {},
  light: { "--mantine-color-dimmed": mantine.colors.gray[7] },
  dark: { "--mantine-color-dimmed": mantine.colors.dark[1] },
});
