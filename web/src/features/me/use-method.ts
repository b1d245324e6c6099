import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  type ContactMethodOut,
  deleteContactMethod,
  testContactMethod,
  updateContactMethod,
} from "../../api/generated";

/** What can be done with one contact method. */
export function useMethod(userId: string, method: ContactMethodOut) {
  const queryClient = useQueryClient();
  const path = { user_id: userId, method_id: method.id };
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ["contact-methods", userId] }),
      queryClient.invalidateQueries({
        queryKey: ["notification-rules", userId],
      }),
    ]);
  return {
    test: useMutation({
      mutationFn: async () => {
        const { notification_id } = await testContactMethod({ path });
        return {
          notificationId: notification_id,
          channel: method.channel,
          userId,
          at: Date.now(),
        };
      },
    }),
    change: useMutation({
      mutationFn: (disabled: boolean) =>
        updateContactMethod({ path, body: { disabled } }),
      onSettled: refresh,
    }),
    remove: useMutation({
      mutationFn: () => deleteContactMethod({ path }),
      onSettled: refresh,
    }),
  };
}
