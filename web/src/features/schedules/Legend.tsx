import { Box } from "@mantine/core";
import classes from "./Lanes.module.css";
import { clipped, type Lane } from "./lanes";
import type { Window } from "./window";

interface Props {
  lane: Lane | undefined;
  window: Window;
  hue: (userId: string) => number;
}

/** Whose colour is whose, and what else is drawn. */
export function Legend({ lane, window, hue }: Props) {
  const blocks = (lane?.blocks ?? []).filter((each) => clipped(each, window));
  const people = new Map(
    blocks.flatMap(({ user }) => (user ? [[user.id, user.name]] : [])),
  );
  const nobody = blocks.filter(({ user }) => !user);
  return (
    <ul className={classes.legend} aria-label="Colours">
      {[...people].map(([id, name]) => (
        <li key={id}>
          <Box
            className={classes.swatch}
            __vars={{ "--hue": String(hue(id)) }}
          />
          {name}
        </li>
      ))}
      {blocks.some(({ override }) => override) && (
        <li>
          <span className={classes.swatch} data-outlined />
          Override
        </li>
      )}
      {nobody.some(({ intended }) => intended) && (
        <li>
          <span className={classes.swatch} data-intended />
          Nobody, by design
        </li>
      )}
      {nobody.some(({ intended }) => !intended) && (
        <li>
          <span className={classes.swatch} data-gap />
          Nobody is on call
        </li>
      )}
    </ul>
  );
}
