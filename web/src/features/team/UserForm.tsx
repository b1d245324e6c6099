import { Checkbox, PasswordInput, Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { createUser, type UserOut, updateUser } from "../../api/generated";
import { FormModal } from "../../ui/FormModal";
import { withStepUp } from "../../ui/step-up";
import { useSave } from "../../ui/use-save";

const ZONES = ["UTC", ...Intl.supportedValuesOf("timeZone")];
const SHORTEST_PASSWORD = 8;

interface Values {
  name: string;
  email: string;
  password: string;
  time_zone: string;
  platform_admin: boolean;
}

interface Props {
  /** the one to change; none: a new one */
  user?: UserOut;
  opened: boolean;
  onClose: () => void;
  onSaved: (user: UserOut) => unknown;
}

/** Add a person, or change one. */
export function UserForm({ user, opened, onClose, onSaved }: Props) {
  const form = useForm<Values>({
    initialValues: {
      name: user?.name ?? "",
      email: user?.email ?? "",
      password: "",
      time_zone:
        user?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
      platform_admin: user?.platform_admin ?? false,
    },
    validate: {
      name: (name) => (name.trim() ? null : "A person needs a name"),
      email: (email) =>
        email.includes("@") ? null : "An e-mail address has an @",
      password: (password) =>
        password === "" || password.length >= SHORTEST_PASSWORD
          ? null
          : `At least ${SHORTEST_PASSWORD} characters`,
    },
  });
  const { save, isPending, problem } = useSave({
    form,
    send: ({ password, ...rest }) => {
      const body = { ...rest, ...(password ? { password } : {}) };
      return user
        ? withStepUp(() => updateUser({ path: { user_id: user.id }, body }))
        : withStepUp(() => createUser({ body }));
    },
    stale: [["users"], ["teams"], ["me"]],
    onSaved,
  });
  return (
    <FormModal
      opened={opened}
      onClose={onClose}
      title={user ? `Change ${user.name}` : "Add a person"}
      action={user ? "Save" : "Add the person"}
      busy={isPending}
      problem={problem}
      onSubmit={form.onSubmit((values) => save(values))}
    >
      <TextInput
        label="Name"
        maxLength={200}
        withAsterisk
        autoComplete="off"
        data-autofocus
        {...form.getInputProps("name")}
      />
      <TextInput
        label="E-mail address"
        description="They sign in with it, and are paged there at once"
        type="email"
        maxLength={254}
        withAsterisk
        autoComplete="off"
        {...form.getInputProps("email")}
      />
      <PasswordInput
        label={user ? "New password" : "First password"}
        description={
          user
            ? "Leave it empty to keep theirs; a new one signs them out everywhere"
            : "Tell it to them; without one they cannot sign in yet"
        }
        maxLength={256}
        autoComplete="new-password"
        {...form.getInputProps("password")}
      />
      <Select
        label="Time zone"
        data={ZONES}
        searchable
        allowDeselect={false}
        limit={50}
        nothingFoundMessage="No zone has that name"
        {...form.getInputProps("time_zone")}
      />
      <Checkbox
        label="Platform admin"
        description="May do everything, and is told when nobody else answers"
        {...form.getInputProps("platform_admin", { type: "checkbox" })}
      />
    </FormModal>
  );
}
