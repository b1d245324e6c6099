import { Modal } from "@mantine/core";
import type { ContactMethodOut } from "../../api/generated";
import { useSmall } from "../../ui/small";
import { VerifyForm } from "./VerifyForm";

interface Props {
  userId: string;
  method: ContactMethodOut;
  onClose: () => void;
}

/** Prove an address that was added earlier. */
export function VerifyModal({ userId, method, onClose }: Props) {
  const small = useSmall();
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
