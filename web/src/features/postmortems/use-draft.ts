import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/errors";
import {
  type PostmortemDetail,
  savePostmortem,
  unlockPostmortem,
} from "../../api/generated";
import { type Content, contentOf } from "./content";
import { postmortemQuery } from "./queries";

const TYPING_MS = 1_000;
const RETRY_MS = 5_000;

export type Saving =
  | { state: "saved" | "typing" | "saving" }
  | { state: "failed" | "locked" | "overtaken"; why: string };

function failure(error: unknown): Saving {
  const why = error instanceof Error ? error.message : "It was not saved.";
  const code = error instanceof ApiError ? error.code : "";
  if (code === "locked" || code === "overtaken") return { state: code, why };
  return { state: "failed", why };
}

/** What somebody writes, saved whenever they pause; nothing typed is ever thrown away. */
export function useDraft(postmortem: PostmortemDetail) {
  const { id } = postmortem;
  const queryClient = useQueryClient();
  const [content, setContent] = useState(() => contentOf(postmortem.content));
  const [saving, setSaving] = useState<Saving>({ state: "saved" });
  const basedOn = useRef(postmortem.version);
  const newest = useRef(content);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const busy = useRef<Promise<boolean>>(undefined);

  const send = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current);
    // one at a time: the next one is based on what this one becomes
    if (busy.current) await busy.current;
    const sent = newest.current;
    const work = (async () => {
      setSaving({ state: "saving" });
      try {
        const saved = await savePostmortem({
          path: { postmortem_id: id },
          body: { based_on: basedOn.current, content: sent },
        });
        basedOn.current = saved.version;
      } catch (error) {
        const failed = failure(error);
        setSaving(failed);
        const offline = error instanceof ApiError && error.status === 0;
        if (offline) timer.current = setTimeout(send, RETRY_MS);
        return false;
      }
      if (newest.current === sent) setSaving({ state: "saved" });
      return true;
    })();
    busy.current = work;
    const done = await work;
    if (busy.current === work) busy.current = undefined;
    return done;
  }, [id]);

  const change = useCallback(
    (part: Partial<Content>) => {
      newest.current = { ...newest.current, ...part };
      setContent(newest.current);
      setSaving((before) =>
        // what must be decided first stays on the screen
        before.state === "locked" || before.state === "overtaken"
          ? before
          : { state: "typing" },
      );
      clearTimeout(timer.current);
      timer.current = setTimeout(send, TYPING_MS);
    },
    [send],
  );

  /** Go on from what the server has; what was typed here goes away. */
  const start = useCallback((from: PostmortemDetail) => {
    clearTimeout(timer.current);
    basedOn.current = from.version;
    newest.current = contentOf(from.content);
    setContent(newest.current);
    setSaving({ state: "saved" });
  }, []);

  /** Save what was typed here as the version after the newest, whosever that is. */
  const keepMine = useCallback(
    async (version: number) => {
      basedOn.current = version;
      return send();
    },
    [send],
  );

  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (saving.state !== "saved") event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [saving.state]);

  useEffect(
    () => () => {
      clearTimeout(timer.current);
      const leave = async () => {
        await unlockPostmortem({ path: { postmortem_id: id } });
        await queryClient.invalidateQueries({
          queryKey: postmortemQuery(id).queryKey,
        });
      };
      void leave().catch(() => {});
    },
    [id, queryClient],
  );

  return { content, change, saving, send, start, keepMine };
}

export type Draft = ReturnType<typeof useDraft>;
