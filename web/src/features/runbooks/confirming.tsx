import { PasswordInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../../api/errors";
import { confirmSession } from "../../api/generated";
import { useMe } from "../../me";

/** Whether the server wants to know first that it is still the same person. */
export function isUnconfirmed(error: Error | null): boolean {
  return error instanceof ApiError && error.code === "not_confirmed";
}

/** The password, asked for only when the server says that it was not typed lately. */
export function useConfirming() {
  const [password, setPassword] = useState("");
  const [wanted, setWanted] = useState(false);
  return {
    password,
    setPassword,
    wanted,
    missing: wanted && password === "",
    confirm: async () => {
      if (wanted) await confirmSession({ body: { password } });
    },
    onError: (problem: Error) => {
      if (isUnconfirmed(problem)) setWanted(true);
    },
    forget: () => {
      setPassword("");
      setWanted(false);
    },
  };
}

type Confirming = ReturnType<typeof useConfirming>;

/** Where it is typed. */
export function YourPassword({ of }: { of: Confirming }) {
  const me = useMe();
  if (!of.wanted) return null;
  return (
    <>
      {/* so that password managers know whose it is */}
      <input
        type="text"
        autoComplete="username"
        value={me.email}
        readOnly
        hidden
      />
      <PasswordInput
        label="Your password"
        description="To prove that it is still you; it holds for five minutes"
        autoComplete="current-password"
        required
        autoFocus
        value={of.password}
        onChange={(event) => of.setPassword(event.currentTarget.value)}
      />
    </>
  );
}
