import {
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  createContactMethod,
  deleteContactMethod,
  getWebPush,
  testContactMethod,
} from "../../api/generated";
import { useMe } from "../../me";
import { subscribe, unsubscribe } from "../../pwa/push";
import { device, rememberDevice } from "../../pwa/subscription";
import { toastDone } from "../../ui/toast";
import { browserName } from "./browser-name";
import { putInRules } from "./put-in-rules";

const WEB_PUSH = "web_push";
const REFUSED = "You have not allowed notifications, so nothing was changed.";

const keyQuery = queryOptions({
  queryKey: ["web-push"],
  queryFn: async ({ signal }) => (await getWebPush({ signal })).public_key,
});

const deviceQuery = queryOptions({
  queryKey: ["web-push", "this device"],
  queryFn: async () => (await device()) ?? null,
});

/** Being notified in this browser: whether it is so, and switching it on and off. */
export function usePush() {
  const me = useMe();
  const queryClient = useQueryClient();
  const key = useQuery(keyQuery).data;
  const here = useQuery(deviceQuery).data;
  const refresh = () =>
    Promise.all(
      [["web-push"], ["contact-methods"], ["notification-rules"]].map(
        (queryKey) => queryClient.invalidateQueries({ queryKey }),
      ),
    );
  const on = useMutation({
    mutationFn: async (publicKey: string) => {
      const address = await subscribe(publicKey);
      if (!address) throw new Error(REFUSED);
      const path = { user_id: me.id };
      const body = {
        channel: WEB_PUSH,
        label: browserName(navigator.userAgent),
        address: { ...address },
      };
      const { id } = await createContactMethod({ path, body });
      await rememberDevice({ userId: me.id, methodId: id });
      await putInRules(me.id, id);
      await testContactMethod({ path: { ...path, method_id: id } });
    },
    onSuccess: () => toastDone("A test is on its way to this device"),
    onSettled: refresh,
  });
  const off = useMutation({
    mutationFn: async (methodId: string) => {
      const path = { user_id: me.id, method_id: methodId };
      await deleteContactMethod({ path });
      await unsubscribe();
    },
    onSettled: refresh,
  });
  const methodId = here?.userId === me.id ? here.methodId : undefined;
  return { key, methodId, on, off };
}
