import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ContactMethodOut } from "../../api/generated";
import { VerifyForm } from "./VerifyForm";

interface Props {
  userId: string;
  method: ContactMethodOut;
  onClose: () => void;
}

/** Prove an address that was added earlier. */
export function VerifyModal({ userId, method, onClose }: Props) {
  const small = useMediaQuery("(max-width: 47.99em)");
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Verify ${method.label}`}
      size="lg"
      fullScreen={small}
      closeOnClickOutside={false}
    >
      <VerifyForm userId={userId} method={method} onDone={onClose} />
    </Modal>
  );
}
