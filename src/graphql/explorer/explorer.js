// Starts GraphiQL on this server. The token stays in this tab (sessionStorage) and goes nowhere but /graphql.
"use strict";

const KEY = "cairn.token";
const input = document.getElementById("token");
const status = document.getElementById("status");

function token() {
  return sessionStorage.getItem(KEY) ?? "";
}

function say() {
  status.textContent = token()
    ? "A token is set; it is sent with every request."
    : "No token yet: requests are answered with 401. The documentation (book icon) can be read without one.";
}

function setToken(text) {
  // People paste the whole header as often as the token.
  const bare = text.trim().replace(/^(authorization:\s*)?bearer\s+/i, "");
  if (bare) sessionStorage.setItem(KEY, bare);
  else sessionStorage.removeItem(KEY);
  input.value = bare;
  say();
}

document.getElementById("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  setToken(input.value);
});
document.getElementById("forget").addEventListener("click", () => setToken(""));

function send(params, headers, accept) {
  const authorization = token() ? { authorization: `Bearer ${token()}` } : {};
  return fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept, ...authorization, ...headers },
    body: JSON.stringify(params),
  });
}

// Server-Sent Events: each `next` event holds one result.
async function* subscribe(params, headers) {
  const response = await send(params, headers, "text/event-stream");
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    yield await response.json();
    return;
  }
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = "";
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      const events = (buffer + chunk.value).split("\n\n");
      buffer = events.pop();
      for (const event of events) {
        const data = event.split("\n").filter((line) => line.startsWith("data:")).map((line) => line.slice(5)).join("\n");
        if (data.trim()) yield JSON.parse(data);
      }
    }
  } finally {
    reader.cancel();
  }
}

async function fetcher(params, options) {
  const operations = options?.documentAST?.definitions.filter((it) => it.kind === "OperationDefinition") ?? [];
  const chosen = operations.find((it) => !params.operationName || it.name?.value === params.operationName);
  if (chosen?.operation === "subscription") return subscribe(params, options?.headers);
  const response = await send(params, options?.headers, "application/graphql-response+json, application/json;q=0.9");
  return response.json();
}

// The contract is public, introspection is not: so the schema is read from the contract, token or none.
async function publicSchema() {
  const response = await fetch("/schema.graphql");
  if (!response.ok) return undefined;
  return GraphiQL.GraphQL.buildSchema(await response.text(), { assumeValid: true });
}

async function start() {
  input.value = token();
  say();
  const schema = await publicSchema().catch(() => undefined);
  if (!schema && !token()) status.textContent = "Set a token, then press “Re-fetch schema”: the schema could not be read.";
  const defaultQuery = "# Set a token above, then run this.\n{\n  __typename\n}\n";
  const props = { fetcher, schema, defaultQuery, shouldPersistHeaders: false };
  ReactDOM.createRoot(document.getElementById("graphiql")).render(React.createElement(GraphiQL, props));
}

start();
