import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteRoom,
  putRoomVerification,
  type Room,
  type RoomChanges,
  sendRoomVerification,
  testRoom,
  updateRoom,
} from "../../api/generated";

/** What can be done with one room. */
export function useRoom(room: Pick<Room, "id" | "channel">) {
  const queryClient = useQueryClient();
  const path = { room_id: room.id };
  const refresh = () =>
    Promise.all(
      [["rooms"], ["policies"], ["explain"]].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
  const sent = (notificationId: string) => ({
    notificationId,
    channel: room.channel,
    userId: room.id,
    at: Date.now(),
  });
  return {
    test: useMutation({
      mutationFn: async () => sent((await testRoom({ path })).notification_id),
    }),
    sendCode: useMutation({
      mutationFn: async () =>
        sent((await sendRoomVerification({ path })).notification_id),
      meta: { showsErrors: true },
    }),
    check: useMutation({
      mutationFn: async (code: string) =>
        (await putRoomVerification({ path, body: { code } })).verified,
      meta: { showsErrors: true },
      onSettled: refresh,
    }),
    change: useMutation({
      mutationFn: (body: RoomChanges) => updateRoom({ path, body }),
      onSettled: refresh,
    }),
    remove: useMutation({
      mutationFn: () => deleteRoom({ path }),
      onSettled: refresh,
    }),
  };
}
