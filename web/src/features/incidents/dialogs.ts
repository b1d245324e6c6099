import type { IncidentDetail } from "../../api/generated";

/** What every dialog of the action menu gets. */
export interface DialogProps {
  incident: IncidentDetail;
  onClose: () => void;
}
