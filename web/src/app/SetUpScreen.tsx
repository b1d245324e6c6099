import { ContactMethods } from "../features/me/ContactMethods";
import { SetUpPage } from "../features/set-up/SetUpPage";

/** The guided set-up, with the part of it that is about oneself. */
export function SetUpScreen() {
  return <SetUpPage reach={<ContactMethods />} />;
}
