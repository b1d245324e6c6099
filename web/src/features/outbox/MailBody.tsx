import { useState } from "react";
import classes from "./Message.module.css";

const LEAST_PX = 120;
const MOST_PX = 640;

interface Props {
  html: string;
  title: string;
}

/**
 * A mail as a mail program shows it: no scripts, links open a new tab.
 *
 * Same origin only so that its height can be read; without `allow-scripts` nothing in it runs.
 */
export function MailBody({ html, title }: Props) {
  const [height, setHeight] = useState(LEAST_PX);
  return (
    <iframe
      className={classes.mail}
      title={`Mail: ${title}`}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      srcDoc={`<base target="_blank">${html}`}
      style={{ height }}
      onLoad={({ currentTarget }) => {
        const page = currentTarget.contentDocument?.documentElement;
        const wanted = page?.scrollHeight ?? LEAST_PX;
        setHeight(Math.min(MOST_PX, Math.max(LEAST_PX, wanted)));
      }}
    />
  );
}
