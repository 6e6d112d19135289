// PostGraphile 5 in its production mode: a process for each processor, no explorer, no watching, errors masked.
import cluster from "node:cluster";
import { createServer } from "node:http";

const WORKERS = 2;

if (cluster.isPrimary) {
  for (let n = 0; n < WORKERS; n++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
} else {
  const { identify } = await import("./auth.mjs");
  const { postgraphile } = await import("postgraphile");
  const { grafserv } = await import("postgraphile/grafserv/node");
  const { PostGraphileAmberPreset } = await import("postgraphile/presets/amber");
  const { makePgService } = await import("postgraphile/adaptors/pg");

  const preset = {
    extends: [PostGraphileAmberPreset],
    pgServices: [makePgService({
      connectionString: `postgres://postgraphile@localhost/bench?host=${process.env.PGHOST}`,
      schemas: ["public", "bench"],
      poolConfig: { max: 8 },
    })],
    grafserv: { graphqlPath: "/graphql", graphiql: false, watch: false },
    grafast: {
      explain: false,
      context: ({ node }) => {
        const { org, person } = identify(node.req.headers.authorization);
        return { pgSettings: { "app.org": org, "app.person": person } };
      },
    },
  };
  const pgl = postgraphile(preset);
  if (process.env.PRINT_SCHEMA) {
    const { printSchema } = await import("postgraphile/graphql");
    console.log(printSchema((await pgl.getSchemaResult()).schema));
  }
  const server = createServer();
  server.keepAliveTimeout = 75_000;
  await pgl.createServ(grafserv).addTo(server);
  server.listen(Number(process.env.PORT), "127.0.0.1");
}
