import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  changeIncident,
  deleteMerge,
  deleteResponder,
  type IncidentChanges,
  type IncidentDetail,
  putAssignee,
  putMerge,
  putResolution,
  putResponder,
} from "../../api/generated";

/** A change that is shown when the server has made it. */
function useChange<Variables = void>(
  id: string,
  change: (variables: Variables) => Promise<IncidentDetail>,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (detail) => queryClient.setQueryData(["incident", id], detail),
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["incidents"] }),
        queryClient.invalidateQueries({ queryKey: ["incident"] }),
      ]),
  });
}

export function useEdit(id: string) {
  return useChange(id, (body: IncidentChanges) =>
    changeIncident({ path: { incident_id: id }, body }),
  );
}

export function useResolveWithNote(id: string) {
  return useChange(id, (note: string) =>
    putResolution({
      path: { incident_id: id },
      body: { note: note.trim() || null },
    }),
  );
}

type Assignee = { user_id: string } | { policy_id: string };

export function useReassign(id: string) {
  return useChange(id, (body: Assignee) =>
    putAssignee({ path: { incident_id: id }, body }),
  );
}

export function useAddResponder(id: string) {
  return useChange(id, (userId: string) =>
    putResponder({ path: { incident_id: id, user_id: userId } }),
  );
}

export function useRemoveResponder(id: string) {
  return useChange(id, (userId: string) =>
    deleteResponder({ path: { incident_id: id, user_id: userId } }),
  );
}

export function useMerge(id: string) {
  return useChange(id, (intoId: string) =>
    putMerge({ path: { incident_id: id }, body: { into_id: intoId } }),
  );
}

export function useUnmerge(id: string) {
  return useChange(id, () => deleteMerge({ path: { incident_id: id } }));
}
