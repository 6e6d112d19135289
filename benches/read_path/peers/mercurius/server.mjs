// What a good Node engineer writes by hand: Fastify, Mercurius with graphql-jit, DataLoader, pg with prepared statements,
// the tenant in every statement, keyset paging. Its schema is the part of Cairn's that the benchmark asks for.
import cluster from "node:cluster";

const WORKERS = 2;

const SCHEMA = `
  enum LearningPlanStatus { DRAFT WAITING_FOR_REVIEW IN_REVIEW ACTIVE COMPLETE }
  enum LearningPlanSort { CREATED_AT DUE_ON }
  enum Direction { ASC DESC }
  input LearningPlanFilter { status: [LearningPlanStatus!] }
  input LearningPlanOrder { field: LearningPlanSort!, direction: Direction }
  type PageInfo { endCursor: String, hasNextPage: Boolean! }
  type LearningPlan { id: ID!, ownerId: ID!, title: String!, description: String, status: LearningPlanStatus!, dueOn: String,
    approvedAt: String, version: Int!, createdAt: String!, updatedAt: String!, items(first: Int = 20): PlanItemConnection! }
  type LearningPlanConnection { nodes: [LearningPlan!]!, pageInfo: PageInfo!, totalCount: Int! }
  type PlanItem { id: ID!, targetLevel: Int!, status: String!, motivation: String!, weight: Int!, sortOrder: Int!, note: String,
    competency: Competency, resources(first: Int = 20): LearningResourceConnection! }
  type PlanItemConnection { nodes: [PlanItem!]! }
  type Competency { id: ID!, code: String!, name: String! }
  type CompetencyConnection { nodes: [Competency!]! }
  type LearningResource { id: ID!, title: String!, kind: String!, url: String, competencies(first: Int = 20): CompetencyConnection! }
  type LearningResourceConnection { nodes: [LearningResource!]! }
  type ScopeStep { id: ID!, step: String!, state: String!, completedAt: String }
  type ScopeStepConnection { nodes: [ScopeStep!]! }
  type Scope { id: ID!, revision: Int!, steps(first: Int = 20): ScopeStepConnection! }
  type Metric { id: ID!, kind: String!, name: String!, unit: String, direction: String!, baseline: String, target: String! }
  type MetricConnection { nodes: [Metric!]! }
  type Milestone { id: ID!, title: String!, targetDate: String!, sortOrder: Int!, completedAt: String, metrics(first: Int = 20): MetricConnection! }
  type MilestoneConnection { nodes: [Milestone!]! }
  type Money { amount: String!, currency: String! }
  type BudgetLine { id: ID!, category: String!, description: String!, supportStatus: String!, plannedAmount: Money }
  type BudgetLineConnection { nodes: [BudgetLine!]! }
  type Project { id: ID!, title: String!, summary: String, kind: String!, status: String!, dueOn: String, scope: Scope,
    milestones(first: Int = 20): MilestoneConnection!, budgetLines(first: Int = 20): BudgetLineConnection! }
  enum ApplicationSort { CREATED_AT }
  enum FunnelGrouping { CHANNEL }
  input ApplicationFilter { jobSearchId: [ID!], stageId: [ID!] }
  input ApplicationOrder { field: ApplicationSort!, direction: Direction }
  type Company { id: ID!, name: String! }
  type JobPosting { id: ID!, title: String!, location: String, company: Company }
  type Stage { id: ID!, name: String!, kind: String! }
  type Application { id: ID!, channel: String!, stageSince: String!, beganAt: String!, outcome: String, nextAction: String, nextActionAt: String,
    posting: JobPosting, stage: Stage }
  type ApplicationConnection { nodes: [Application!]!, pageInfo: PageInfo! }
  type FunnelStage { kind: String!, reached: Int, conversionPercent: Int, medianDays: Int }
  type FunnelOutcome { outcome: String, applications: Int }
  type FunnelGroup { kind: String!, key: String, people: Int!, applications: Int!, stages: [FunnelStage!]!, outcomes: [FunnelOutcome!]! }
  type Funnel { groups: [FunnelGroup!]! }
  type PaceWeek { startsOn: String!, minutes: Int!, activeDays: Int! }
  type WeeklyPace { streakWeeks: Int!, meanMinutes: Int!, weeks: [PaceWeek!]! }
  input CreateLearningPlanInput { title: String! }
  type UserError { code: String! }
  type LearningPlanPayload { learningPlan: LearningPlan, userErrors: [UserError!]! }
  type Query {
    learningPlan(id: ID!): LearningPlan
    learningPlans(first: Int = 20, after: String, filter: LearningPlanFilter, orderBy: [LearningPlanOrder!]): LearningPlanConnection
    project(id: ID!): Project
    applications(first: Int = 20, after: String, filter: ApplicationFilter, orderBy: [ApplicationOrder!]): ApplicationConnection
    funnel(jobSearchId: ID!, groupBy: FunnelGrouping): Funnel
    weeklyPace(weeks: Int = 12): WeeklyPace
  }
  type Mutation { createLearningPlan(input: CreateLearningPlanInput!): LearningPlanPayload }
`;

const PLAN = `p.id, p.owner_id AS "ownerId", p.title, p.description, p.status, p.due_on AS "dueOn", p.approved_at AS "approvedAt",
  p.version, p.created_at AS "createdAt", p.updated_at AS "updatedAt"`;
// Who may see a plan: its owner, and whom they opened their learning to. An array is an index condition where OR is none.
const VISIBLE = `p.organization_id = $1 AND p.deleted_at IS NULL AND p.owner_id = ANY (ARRAY(
  SELECT $2::uuid UNION ALL SELECT g.owner_id FROM "grant" g WHERE g.organization_id = $1 AND g.grantee_id = $2 AND g.deleted_at IS NULL
    AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()) AND g.scopes & 7 <> 0))`;
// The same of where somebody looks for a job.
const HIRED = VISIBLE.replace("& 7", "& 96");
const SORTS = {
  CREATED_AT: { column: "p.created_at", type: "timestamptz", field: "createdAt" },
  DUE_ON: { column: "p.due_on", type: "date", field: "dueOn" },
};

async function serve() {
  const { identify } = await import("./auth.mjs");
  const { default: Fastify } = await import("fastify");
  const { default: mercurius } = await import("mercurius");
  const { default: DataLoader } = await import("dataloader");
  const { default: pg } = await import("pg");

  // Rows as they are shown: no Date and no BigInt in between.
  pg.types.setTypeParser(pg.types.builtins.INT8, Number);
  pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
  pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text) => text.replace(" ", "T").replace("+00", "Z"));
  const pool = new pg.Pool({ host: process.env.PGHOST, user: "postgres", database: "bench", max: 8, options: "-c TimeZone=UTC" });

  // A statement of one text has one name: it is prepared once in each connection.
  const names = new Map();
  const rows = async (text, values) => {
    let name = names.get(text);
    if (!name) names.set(text, (name = `s${names.size}`));
    return (await pool.query({ name, text, values })).rows;
  };

  /** Lists below many parents at once, a page each. */
  const pages = (text) => (who, first) => new DataLoader(async (parents) => {
    const found = await rows(text, [who.org, parents, first]);
    const of = new Map(parents.map((id) => [id, []]));
    for (const row of found) of.get(row.parent).push(row);
    return parents.map((id) => ({ nodes: of.get(id) }));
  });
  const below = {
    items: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT i.id, i.target_level AS "targetLevel", i.status, i.motivation, i.weight, i.sort_order AS "sortOrder", i.note,
        i.competency_id AS "competencyId" FROM plan_item i
      WHERE i.plan_id = parent AND i.organization_id = $1 AND i.deleted_at IS NULL ORDER BY i.sort_order, i.id LIMIT $3) page`),
    resources: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT r.id, r.title, r.kind, r.url FROM plan_item_resource l JOIN learning_resource r ON r.id = l.learning_resource_id
      WHERE l.plan_item_id = parent AND r.organization_id = $1 AND r.deleted_at IS NULL ORDER BY r.created_at, r.id LIMIT $3) page`),
    competencies: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT c.id, c.code, c.name FROM learning_resource_competency l JOIN competency c ON c.id = l.competency_id
      WHERE l.learning_resource_id = parent AND c.organization_id = $1 AND c.deleted_at IS NULL ORDER BY c.path, c.id LIMIT $3) page`),
    steps: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT s.id, s.step, s.state, s.completed_at AS "completedAt" FROM scope_step s
      WHERE s.scope_id = parent AND s.organization_id = $1 AND s.deleted_at IS NULL ORDER BY s.place, s.id LIMIT $3) page`),
    milestones: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT m.id, m.title, m.target_date AS "targetDate", m.sort_order AS "sortOrder", m.completed_at AS "completedAt" FROM milestone m
      WHERE m.project_id = parent AND m.organization_id = $1 AND m.deleted_at IS NULL ORDER BY m.sort_order, m.id LIMIT $3) page`),
    metrics: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT m.id, m.kind, m.name, m.unit, m.direction, m.baseline, m.target FROM metric m
      WHERE m.milestone_id = parent AND m.organization_id = $1 AND m.deleted_at IS NULL ORDER BY m.created_at, m.id LIMIT $3) page`),
    budgetLines: pages(`SELECT * FROM unnest($2::uuid[]) AS parent CROSS JOIN LATERAL (
      SELECT l.id, l.category, l.description, l.support_status AS "supportStatus", l.planned, l.currency FROM budget_line l
      WHERE l.project_id = parent AND l.organization_id = $1 AND l.deleted_at IS NULL ORDER BY l.created_at, l.id LIMIT $3) page`),
  };
  /** What many rows name, by its id. */
  const named = (table, columns) => (who) => new DataLoader(async (ids) => {
    const found = await rows(`SELECT ${columns} FROM ${table} c
      WHERE c.organization_id = $1 AND c.id = ANY($2) AND c.deleted_at IS NULL`, [who.org, ids]);
    const of = new Map(found.map((row) => [row.id, row]));
    return ids.map((id) => of.get(id) ?? null);
  });
  const above = {
    competency: named("competency", "c.id, c.code, c.name"),
    posting: named("job_posting", 'c.id, c.title, c.location, c.company_id AS "companyId"'),
    company: named("company", "c.id, c.name"),
    stage: named("stage", "c.id, c.name, c.kind"),
  };

  /** The loaders of one request: one for each list and page size. */
  class Loaders {
    #made = new Map();
    constructor(who) { this.who = who; }
    page(list, first) {
      const key = `${list} ${first}`;
      let loader = this.#made.get(key);
      if (!loader) this.#made.set(key, (loader = below[list](this.who, Math.min(first, 100))));
      return loader;
    }
    one(table) {
      let loader = this.#made.get(table);
      if (!loader) this.#made.set(table, (loader = above[table](this.who)));
      return loader;
    }
  }

  const one = (name) => (row, _, { loaders }) => loaders.one(name).load(row[`${name}Id`]);
  const list = (name) => (parent, { first }, { loaders }) => loaders.page(name, first).load(parent.id);

  async function learningPlans(_, { first, after, filter, orderBy }, { who }) {
    const { field = "CREATED_AT", direction = "ASC" } = orderBy?.[0] ?? {};
    const { column, type, field: shown } = SORTS[field];
    const limit = Math.min(first, 100);
    const values = [who.org, who.person];
    let where = VISIBLE;
    if (filter?.status) where += ` AND p.status = ANY($${values.push(filter.status)})`;
    const counted = [where, [...values]];
    if (after) {
      const [mark, id] = JSON.parse(Buffer.from(after, "base64url").toString());
      where += ` AND (${column}, p.id) ${direction === "DESC" ? "<" : ">"} ($${values.push(mark)}::${type}, $${values.push(id)}::uuid)`;
    }
    const found = await rows(`SELECT ${PLAN} FROM learning_plan p WHERE ${where}
      ORDER BY ${column} ${direction}, p.id ${direction} LIMIT $${values.push(limit + 1)}`, values);
    const hasNextPage = found.length > limit;
    if (hasNextPage) found.pop();
    const last = found.at(-1);
    return {
      nodes: found,
      pageInfo: { hasNextPage, endCursor: last ? Buffer.from(JSON.stringify([last[shown], last.id])).toString("base64url") : null },
      counted,
    };
  }

  async function applications(_, { first, after, filter, orderBy }, { who }) {
    const { direction = "ASC" } = orderBy?.[0] ?? {};
    const limit = Math.min(first, 100);
    const values = [who.org, who.person];
    let where = HIRED;
    // Of one value, which keeps the order of an index that begins with it.
    const among = (column, ids) => {
      if (ids) where += ids.length === 1 ? ` AND ${column} = $${values.push(ids[0])}` : ` AND ${column} = ANY($${values.push(ids)})`;
    };
    among("p.job_search_id", filter?.jobSearchId);
    among("p.stage_id", filter?.stageId);
    if (after) {
      const [mark, id] = JSON.parse(Buffer.from(after, "base64url").toString());
      where += ` AND (p.created_at, p.id) ${direction === "DESC" ? "<" : ">"} ($${values.push(mark)}::timestamptz, $${values.push(id)}::uuid)`;
    }
    const found = await rows(`SELECT p.id, p.channel, p.stage_since AS "stageSince", p.began_at AS "beganAt", p.outcome, p.next_action AS "nextAction",
      p.next_action_at AS "nextActionAt", p.posting_id AS "postingId", p.stage_id AS "stageId", p.created_at AS "createdAt" FROM application p
      WHERE ${where} ORDER BY p.created_at ${direction}, p.id ${direction} LIMIT $${values.push(limit + 1)}`, values);
    const hasNextPage = found.length > limit;
    if (hasNextPage) found.pop();
    const last = found.at(-1);
    return {
      nodes: found,
      pageInfo: { hasNextPage, endCursor: last ? Buffer.from(JSON.stringify([last.createdAt, last.id])).toString("base64url") : null },
    };
  }

  const app = Fastify({ logger: false, keepAliveTimeout: 75_000 });
  await app.register(mercurius, {
    schema: SCHEMA,
    jit: 1,
    graphiql: false,
    context: (request) => {
      const who = identify(request.headers.authorization);
      return { who, loaders: new Loaders(who) };
    },
    resolvers: {
      Query: {
        learningPlan: async (_, { id }, { who }) =>
          (await rows(`SELECT ${PLAN} FROM learning_plan p WHERE ${VISIBLE} AND p.id = $3`, [who.org, who.person, id]))[0] ?? null,
        learningPlans,
        project: async (_, { id }, { who }) =>
          (await rows(`SELECT p.id, p.title, p.summary, p.kind, p.status, p.due_on AS "dueOn" FROM project p WHERE ${VISIBLE} AND p.id = $3`,
            [who.org, who.person, id]))[0] ?? null,
        applications,
        funnel: async (_, { jobSearchId }, { who }) =>
          (await rows("SELECT bench.funnel($1, $2, $3) AS funnel", [who.org, who.person, jobSearchId]))[0].funnel,
        weeklyPace: async (_, { weeks }, { who }) =>
          (await rows("SELECT bench.weekly_pace($1, $2, $3) AS pace", [who.org, who.person, weeks]))[0].pace,
      },
      Mutation: {
        createLearningPlan: async (_, { input }, { who }) => {
          const [plan] = await rows(`SELECT ${PLAN} FROM bench.start_plan($1, $2, $3) p`, [who.org, who.person, input.title]);
          return { learningPlan: plan, userErrors: [] };
        },
      },
      LearningPlanConnection: {
        totalCount: async ({ counted: [where, values] }) =>
          (await rows(`SELECT count(*) FROM learning_plan p WHERE ${where}`, values))[0].count,
      },
      LearningPlan: { items: list("items") },
      PlanItem: {
        resources: list("resources"),
        competency: one("competency"),
      },
      Application: { posting: one("posting"), stage: one("stage") },
      JobPosting: { company: one("company") },
      LearningResource: { competencies: list("competencies") },
      Project: {
        scope: async (project, _, { who }) =>
          (await rows("SELECT s.id, s.revision FROM scope s WHERE s.project_id = $2 AND s.organization_id = $1 AND s.deleted_at IS NULL",
            [who.org, project.id]))[0] ?? null,
        milestones: list("milestones"),
        budgetLines: list("budgetLines"),
      },
      Scope: { steps: list("steps") },
      Milestone: { metrics: list("metrics") },
      BudgetLine: { plannedAmount: ({ planned, currency }) => currency && { amount: (planned / 100).toFixed(2), currency } },
    },
  });
  await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
}

if (cluster.isPrimary) {
  for (let n = 0; n < WORKERS; n++) cluster.fork();
  cluster.on("exit", () => process.exit(1));
} else {
  await serve();
}
