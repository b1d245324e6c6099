import { createServer, type ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { client } from "../api/generated/client.gen";

interface Reply {
  status?: number;
  json?: unknown;
}

type Answer = (body: unknown) => Reply | Promise<Reply>;

/**
 * A real HTTP server that answers what a test says, on a free port.
 *
 * `answers` is by method and path, "PUT /v1/incidents/1/acknowledgement"; `asked` is what came.
 */
export function testServer() {
  const answers = new Map<string, Answer>();
  const asked: string[] = [];
  let at = "";
  const send = (response: ServerResponse, status: number, json: unknown) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(json));
  };
  const server = createServer(async (request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    const name = `${request.method} ${path}`;
    asked.push(`${request.method} ${request.url}`);
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = answers.get(name);
    if (!answer)
      send(response, 404, {
        code: "not_found",
        detail: `no answer for ${name}`,
      });
    else {
      const { status = 200, json = {} } = await answer(
        body && JSON.parse(body),
      );
      send(response, status, json);
    }
  });
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    if (address === null || typeof address === "string")
      throw new Error("the test server did not start");
    // Node's own fetch: jsdom has none
    at = `http://127.0.0.1:${address.port}`;
    client.setConfig({ baseUrl: at });
  });
  beforeEach(() => {
    answers.clear();
    asked.length = 0;
  });
  afterAll(
    () =>
      new Promise<void>((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  );
  return {
    asked,
    /** where it listens, once the tests run */
    address: () => at,
    on: (name: string, answer: Answer) => answers.set(name, answer),
  };
}
