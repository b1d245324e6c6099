import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { io } from "socket.io-client";

/** live: told of every change at once; polling: looks every 30 s; connecting: first try. */
export type Connection = "connecting" | "live" | "polling";

const POLL_MS = 30_000;
const listeners = new Set<() => void>();
let connection: Connection = "connecting";

function setConnection(next: Connection) {
	connection = next;
	for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
	listeners.add(listener);
	return () => listeners.delete(listener);
}

/** How this page hears of changes right now. */
export function useConnection(): Connection {
	return useSyncExternalStore(subscribe, () => connection);
}

function isSignIn(error: Error): boolean {
	const data: unknown = Reflect.get(error, "data");
	return (
		typeof data === "object" &&
		data !== null &&
		Reflect.get(data, "code") === "sign_in"
	);
}

/** The keys of a `stale` message; anything else is no key. */
export function staleKeys(message: unknown): string[][] {
	if (typeof message !== "object" || message === null) return [];
	const keys: unknown = Reflect.get(message, "keys");
	if (!Array.isArray(keys)) return [];
	return keys.filter(
		(key): key is string[] =>
			Array.isArray(key) &&
			key.length > 0 &&
			key.every((part) => typeof part === "string"),
	);
}

/** Keep what is on the screen fresh until the returned function is called. */
export function connectRealtime(
	queryClient: QueryClient,
	onSignedOut: () => void,
): () => void {
	const socket = io({
		path: "/socket.io",
		transports: ["websocket", "polling"],
		tryAllTransports: true,
		reconnectionDelayMax: 10_000,
	});
	let poll: ReturnType<typeof setInterval> | undefined;

	const startPolling = () => {
		setConnection("polling");
		poll ??= setInterval(() => void queryClient.invalidateQueries(), POLL_MS);
	};
	const stopPolling = () => {
		clearInterval(poll);
		poll = undefined;
	};

	socket.on("connect", () => {
		const missedSomething = connection === "polling";
		stopPolling();
		setConnection("live");
		if (missedSomething) void queryClient.invalidateQueries();
	});
	socket.on("disconnect", (reason) => {
		startPolling();
		// the server ends a socket when its session ends; ask who we are
		if (reason === "io server disconnect") {
			void queryClient.invalidateQueries({ queryKey: ["me"] });
			socket.connect();
		}
	});
	socket.on("connect_error", (error) => {
		startPolling();
		if (isSignIn(error)) onSignedOut();
	});
	socket.on("stale", (message: unknown) => {
		for (const queryKey of staleKeys(message)) {
			void queryClient.invalidateQueries({ queryKey });
		}
	});

	return () => {
		stopPolling();
		socket.disconnect();
		setConnection("connecting");
	};
}
