import { Paper } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./Rows.module.css";

/** A list of things, one row each. */
export function Rows({
  label,
  children,
}: {
  label: string;
  children: ReactNode;
}) {
  return (
    <Paper
      withBorder
      component="ul"
      aria-label={label}
      className={classes.rows}
    >
      {children}
    </Paper>
  );
}

/** One row: what it is at the left, what matters about it at the right or, on a phone, below. */
export function Row({ main, side }: { main: ReactNode; side?: ReactNode }) {
  return (
    <li className={classes.row}>
      <div className={classes.main}>{main}</div>
      {side && <div className={classes.side}>{side}</div>}
    </li>
  );
}
