import { useMediaQuery } from "@mantine/hooks";

/** The screen is a phone's; known from the first drawing on, so that nothing moves under a finger. */
export function useSmall(): boolean {
  return useMediaQuery("(max-width: 47.99em)", undefined, {
    getInitialValueInEffect: false,
  });
}
