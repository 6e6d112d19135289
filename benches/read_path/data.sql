-- The data of the benchmark: the same rows on every machine, in the schema that `cairn migrate` made. `:size` is 1, or 10.
--
-- 20 organizations; 1,000 people, five plans each, ten items a plan. The people of an organization come in tens: the
-- first of each ten is a coach, to whom the other nine opened their learning, so that a coach sees 50 plans.

BEGIN;
CREATE SCHEMA bench;

-- The id of the n-th row of a kind. Ids sort before all that are made later.
CREATE FUNCTION bench.id(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT ('00000000-0000-7' || lpad(kind::text, 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$;
-- The organization of the n-th person.
CREATE FUNCTION bench.home(person bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT (person - 1) % 20 + 1 $$;
-- Whether the n-th person is a coach, and who coaches them.
CREATE FUNCTION bench.coach(person bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT (person - 1) / 200 * 200 + (person - 1) % 20 + 1 $$;

INSERT INTO organization (id, name, name_folded, settings, version, created_at, updated_at)
SELECT bench.id(1, n), 'Organization ' || n, 'organization ' || n,
    '{"selfApproval":false,"pairPerMilestone":false,"reviewerRates":true,"preparationRequired":false,"minimumCohort":5,"onTrackTolerance":10,"weekStart":"MONDAY"}',
    1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 20) n;

INSERT INTO "user" (id, email, email_folded, name, time_zone, version, created_at, updated_at)
SELECT bench.id(2, n), 'person' || n || '@bench.example', 'person' || n || '@bench.example', 'Person ' || n,
    'Europe/Zurich', 1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 1000 * :size) n;

-- Roles are bits: learner 1, coach 2.
INSERT INTO membership (id, organization_id, user_id, roles, version, created_at, updated_at)
SELECT bench.id(3, n), bench.id(1, bench.home(n)), bench.id(2, n), CASE WHEN bench.coach(n) = n THEN 3 ELSE 1 END,
    1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 1000 * :size) n;

-- Scopes are bits: to read about learning is the first.
INSERT INTO "grant" (id, organization_id, owner_id, grantee_id, scopes, version, created_at, updated_at)
SELECT bench.id(4, n), bench.id(1, bench.home(n)), bench.id(2, n), bench.id(2, bench.coach(n)), 1,
    1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 1000 * :size) n WHERE bench.coach(n) <> n;

INSERT INTO competency_framework (id, organization_id, short_name, title, edition, description, scale, visible, search_text, version, created_at, updated_at)
SELECT bench.id(5, n), bench.id(1, n), 'framework-' || n, 'Framework ' || n, '1', NULL,
    (SELECT scale FROM competency_framework WHERE organization_id IS NULL LIMIT 1), true, 'framework ' || n,
    1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 20) n;

-- 40 competencies in each organization: the organization's are n, n + 20, n + 40 …
INSERT INTO competency (id, organization_id, framework_id, code, name, description, path, sort_order, rule, alignments, search_text, version, created_at, updated_at)
SELECT bench.id(6, n), bench.id(1, bench.home(n)), bench.id(5, bench.home(n)), 'C' || n, 'Competency ' || n,
    'What somebody can do who has competency ' || n, 'C' || lpad(n::text, 4, '0'), n, 'NONE', '[]', 'competency ' || n,
    1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 800) n;

INSERT INTO learning_resource (id, organization_id, kind, title, url, provider, estimated_minutes, search_text, version, created_at, updated_at)
SELECT bench.id(7, n), bench.id(1, bench.home(n)), (ARRAY['COURSE', 'BOOK', 'PAPER', 'VIDEO'])[n % 4 + 1],
    'Resource ' || n || ' on a thing worth knowing', 'https://learn.example/resource/' || n, 'Provider ' || n % 7, 60 + n % 300,
    'resource ' || n, 1, timestamptz '2026-01-01Z' + n * interval '1 s', '2026-01-01Z'
FROM generate_series(1, 2000 * :size) n;

INSERT INTO learning_resource_competency (learning_resource_id, competency_id)
SELECT bench.id(7, n), bench.id(6, ((n - 1) % 20 + 1) + 20 * ((n / 20 + k * 7) % 40))
FROM generate_series(1, 2000 * :size) n, generate_series(0, 1) k;

INSERT INTO learning_plan (id, organization_id, owner_id, title, description, status, due_on, approved_at, search_text, version, created_at, updated_at)
SELECT bench.id(8, n), bench.id(1, bench.home(p)), bench.id(2, p), 'Plan ' || n || ' of person ' || p,
    'What person ' || p || ' wants to learn next, and by when, as agreed with the coach.',
    (ARRAY['ACTIVE', 'ACTIVE', 'ACTIVE', 'DRAFT', 'COMPLETE'])[n % 5 + 1], date '2026-01-01' + (n * 7919 % 365)::int,
    '2026-01-15Z', 'plan ' || n || ' of person ' || p,
    1, timestamptz '2026-01-01Z' + (n * 7919 % 5000000) * interval '1 s', '2026-01-15Z'
FROM generate_series(1, 5000 * :size) n, LATERAL (SELECT (n - 1) / 5 + 1 AS p) owner;

INSERT INTO plan_item (id, organization_id, plan_id, owner_id, competency_id, target_level, status, motivation, weight, sort_order, note, version, created_at, updated_at)
SELECT bench.id(9, n), bench.id(1, bench.home(p)), bench.id(8, (n - 1) / 10 + 1), bench.id(2, p),
    bench.id(6, bench.home(p) + 20 * (n * 31 % 40)), n % 4 + 1, (ARRAY['TODO', 'DOING', 'DONE', 'DONE'])[n % 4 + 1],
    (ARRAY['GOAL', 'GOAL', 'CURIOSITY'])[n % 3 + 1], n % 3 + 1, (n - 1) % 10, 'A note of its owner on item ' || n,
    1, timestamptz '2026-01-01Z' + n * interval '1 s', '2026-01-15Z'
FROM generate_series(1, 50000 * :size) n, LATERAL (SELECT (n - 1) / 50 + 1 AS p) owner;

INSERT INTO plan_item_resource (plan_item_id, learning_resource_id)
SELECT bench.id(9, n), bench.id(7, bench.home((n - 1) / 50 + 1) + 20 * (n * 13 % (100 * :size)))
FROM generate_series(1, 50000 * :size) n;

-- Two sessions in each of the last 52 full weeks: a history counts back from today.
INSERT INTO career_profile (id, organization_id, user_id, weekly_learning_target_minutes, version, created_at, updated_at)
SELECT bench.id(10, n), bench.id(1, bench.home(n)), bench.id(2, n), 60 + n % 3 * 30, 1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, 1000 * :size) n;

INSERT INTO learning_session (id, organization_id, user_id, started_at, minutes, source, version, created_at, updated_at)
SELECT bench.id(11, (n - 1) * 104 + k + 1), bench.id(1, bench.home(n)), bench.id(2, n), started, 30 + (n + k) % 40, 'MANUAL', 1, started, started
FROM generate_series(1, 1000 * :size) n, generate_series(0, 103) k,
    LATERAL (SELECT (date_trunc('week', now() AT TIME ZONE 'UTC') + interval '1 day 10 hours' + (k % 2) * interval '2 days'
        - (k / 2 + 1) * interval '7 days') AT TIME ZONE 'UTC' AS started) s;

INSERT INTO learning_day (organization_id, user_id, day, minutes, sessions)
SELECT organization_id, user_id, (started_at AT TIME ZONE 'UTC')::date, sum(minutes), count(*) FROM learning_session GROUP BY 1, 2, 3;

-- A project of each person, scoped: five steps, three milestones with a metric of either kind, and four lines of budget.
INSERT INTO project (id, organization_id, owner_id, scope_id, title, summary, kind, status, current_step, domain, application_area, due_on, search_text, version, created_at, updated_at)
SELECT bench.id(12, n), bench.id(1, bench.home(n)), bench.id(2, n), bench.id(13, n), 'Project ' || n, 'What person ' || n || ' sets out to do with AI, and what for.',
    (ARRAY['CLASS', 'PERSONAL', 'SIDE_HUSTLE', 'WORK'])[n % 4 + 1], 'SCOPED', NULL, 'Energy', 'Forecasting', date '2026-06-01' + (n % 300)::int,
    'project ' || n, 1, timestamptz '2026-01-01Z' + n * interval '1 s', '2026-01-15Z'
FROM generate_series(1, 1000 * :size) n;
INSERT INTO scope (id, organization_id, project_id, owner_id, revision, current_step, problem, version, created_at, updated_at)
SELECT scope_id, organization_id, id, owner_id, 1, NULL, '{"statement":"The forecast is late and wrong."}', 1, created_at, updated_at FROM project;
INSERT INTO scope_step (id, organization_id, project_id, owner_id, scope_id, step, place, state, opened_at, completed_at, version, created_at, updated_at)
SELECT bench.id(14, (n - 1) * 5 + k + 1), p.organization_id, p.id, p.owner_id, p.scope_id,
    (ARRAY['BUSINESS_PROBLEM', 'SOLUTION_BRAINSTORM', 'ASSESSMENT', 'MILESTONES', 'BUDGET'])[k + 1], k + 1, 'COMPLETE', p.created_at, p.updated_at, 1, p.created_at, p.updated_at
FROM generate_series(1, 1000 * :size) n JOIN project p ON p.id = bench.id(12, n), generate_series(0, 4) k;
INSERT INTO milestone (id, organization_id, project_id, owner_id, title, target_date, sort_order, version, created_at, updated_at)
SELECT bench.id(15, (n - 1) * 3 + k + 1), p.organization_id, p.id, p.owner_id, 'Milestone ' || k, date '2026-03-01' + (k * 60)::int, k, 1, p.created_at, p.updated_at
FROM generate_series(1, 1000 * :size) n JOIN project p ON p.id = bench.id(12, n), generate_series(0, 2) k;
INSERT INTO metric (id, organization_id, project_id, milestone_id, owner_id, kind, name, unit, direction, baseline, target, version, created_at, updated_at)
SELECT bench.id(16, (n - 1) * 6 + k + 1), p.organization_id, p.id, bench.id(15, (n - 1) * 3 + k / 2 + 1), p.owner_id, (ARRAY['ML', 'BUSINESS'])[k % 2 + 1],
    'Metric ' || k, '%', 'UP', 50000000, 80000000 + k, 1, p.created_at + k * interval '1 s', p.updated_at
FROM generate_series(1, 1000 * :size) n JOIN project p ON p.id = bench.id(12, n), generate_series(0, 5) k;
INSERT INTO budget (id, organization_id, project_id, owner_id, not_needed, approval, version, created_at, updated_at)
SELECT bench.id(17, n), p.organization_id, p.id, p.owner_id, '[]', 'DRAFT', 1, p.created_at, p.updated_at
FROM generate_series(1, 1000 * :size) n JOIN project p ON p.id = bench.id(12, n);
INSERT INTO budget_line (id, organization_id, project_id, budget_id, owner_id, category, description, planned, currency, support_status, version, created_at, updated_at)
SELECT bench.id(18, (n - 1) * 4 + k + 1), p.organization_id, p.id, bench.id(17, n), p.owner_id, (ARRAY['DATA', 'PEOPLE', 'TIME', 'INTEGRATIONS'])[k + 1], 'Line ' || k, 100000 + k,
    'EUR', 'NOT_ASKED', 1, p.created_at + k * interval '1 s', p.updated_at
FROM generate_series(1, 1000 * :size) n JOIN project p ON p.id = bench.id(12, n), generate_series(0, 3) k;

-- A search for a job of 20,000 applications with 100,000 events, of one person of the first tenant; with :size, of so many
-- tenants. Each application is for an opening of its own, at one of 400 companies.
INSERT INTO company (id, organization_id, name, name_folded, industry, search_text, version, created_at, updated_at)
SELECT bench.id(21, (s - 1) * 400 + n), bench.id(1, s), 'Company ' || n, 'company ' || n, (ARRAY['Energy', 'Health', 'Retail'])[n % 3 + 1], 'company ' || n,
    1, '2026-01-01Z', '2026-01-01Z'
FROM generate_series(1, :size) s, generate_series(1, 400) n;
INSERT INTO job_search (id, organization_id, owner_id, title, state, target_roles, search_text, version, created_at, updated_at)
SELECT bench.id(19, s), bench.id(1, s), bench.id(2, 20 + s), 'Everything there is', 'ACTIVE', '["ML engineer"]', 'everything there is', 1, '2025-03-01Z', '2025-03-01Z'
FROM generate_series(1, :size) s;
INSERT INTO stage (id, organization_id, owner_id, job_search_id, name, kind, position, version, created_at, updated_at)
SELECT bench.id(20, (s - 1) * 7 + n), j.organization_id, j.owner_id, j.id, (ARRAY['Research', 'Outreach', 'Applied', 'Screening', 'Interviewing', 'On site', 'Offer'])[n],
    kind, (array_position(ARRAY['RESEARCH', 'OUTREACH', 'APPLIED', 'SCREENING', 'INTERVIEWING', 'OFFER'], kind) - 1) * 1000 + n, 1, j.created_at, j.updated_at
FROM generate_series(1, :size) s JOIN job_search j ON j.id = bench.id(19, s), generate_series(1, 7) n,
    LATERAL (SELECT (ARRAY['RESEARCH', 'OUTREACH', 'APPLIED', 'SCREENING', 'INTERVIEWING', 'INTERVIEWING', 'OFFER'])[n] AS kind) k;
INSERT INTO job_posting (id, organization_id, owner_id, company_id, title, employer_kind, employment_type, location, search_text, version, created_at, updated_at)
SELECT bench.id(22, (s - 1) * 20000 + n), j.organization_id, j.owner_id, bench.id(21, (s - 1) * 400 + n * 37 % 400 + 1),
    (ARRAY['ML engineer', 'Data scientist', 'Data engineer', 'Data analyst', 'Analytics engineer'])[n % 5 + 1],
    (ARRAY['STARTUP', 'BIG_COMPANY', 'MID_SIZED', 'NONPROFIT', NULL])[n * 37 % 400 % 5 + 1], 'FULL_TIME', 'Zurich', 'ml engineer zurich', 1, j.created_at, j.updated_at
FROM generate_series(1, :size) s JOIN job_search j ON j.id = bench.id(19, s), generate_series(1, 20000) n;

-- What happens to the n-th application is the line n % 20; they have five events each in the mean. A digit is the stage that it
-- comes to, a letter what comes of it: nothing heard, rejected, withdrawn, declined, position closed. After `+` it goes on all
-- the same; `-` says that the event before did not happen, and `~` that it was twelve hours earlier.
CREATE TEMP TABLE happening AS
WITH line (way, steps) AS (
    SELECT n - 1, steps FROM unnest(ARRAY['123n', '123n', '23n', '123r', '1234r', '1234r', '12345r', '123456r', '1234567d', '1345',
        '12', '123', '1234', '12345', '1234345w', '1234n+56r', '1234-', '12345p', '12345~r', '1']) WITH ORDINALITY l (steps, n)
), token AS (
    SELECT way, k AS number, substr(steps, k, 1) AS sign, substring(left(steps, k - 1) FROM '([1-7])[^1-7]*$')::int AS before FROM line, generate_series(1, length(steps)) k
)
SELECT way, number, sign,
    CASE WHEN number = 1 THEN 'CREATED' WHEN sign = '+' THEN 'REOPENED' WHEN sign = '-' THEN 'REVOKED' WHEN sign BETWEEN 'a' AND 'z' THEN 'CLOSED' ELSE 'MOVED' END AS kind,
    CASE WHEN sign BETWEEN '1' AND '7' THEN sign::int WHEN sign IN ('+', '~') THEN before END AS stage,
    CASE WHEN sign IN ('+', '~', '-') OR number = 1 THEN NULL ELSE before END AS from_stage,
    CASE sign WHEN 'n' THEN 'NO_RESPONSE' WHEN 'r' THEN 'REJECTED' WHEN 'w' THEN 'WITHDRAWN' WHEN 'd' THEN 'OFFER_DECLINED' WHEN 'p' THEN 'POSITION_CLOSED' END AS outcome,
    CASE WHEN sign IN ('-', '~') THEN number - 1 END AS corrects
FROM token;
-- Where it stands at the end, after what holds: what was revoked is gone.
CREATE TEMP TABLE standing AS
SELECT way, (array_agg(stage ORDER BY number DESC) FILTER (WHERE stage IS NOT NULL AND holds))[1] AS stage,
    max(number) FILTER (WHERE stage IS NOT NULL AND holds AND sign <> '+') AS since,
    min(number) FILTER (WHERE stage >= 3 AND holds) AS applied,
    (array_agg(outcome ORDER BY number DESC))[1] AS outcome, max(number) AS last
FROM (SELECT h.*, NOT EXISTS (SELECT 1 FROM happening c WHERE c.way = h.way AND c.corrects = h.number) AS holds FROM happening h) h GROUP BY way;
-- When: of all 20,000, with one to fourteen days between one event and the next.
CREATE TEMP TABLE dated AS
SELECT s, n, h.*, timestamptz '2025-03-01 08:00Z' + n * 7919 % 180 * interval '1 day' + n * interval '1 s'
    + sum(CASE WHEN sign IN ('-', '~') OR number = 1 THEN 0 ELSE 24 + (n * 31 + number * 101) % 313 END) OVER (PARTITION BY s, n ORDER BY number) * interval '1 hour'
    - CASE sign WHEN '~' THEN 12 ELSE 0 END * interval '1 hour' AS at
FROM generate_series(1, :size) s, generate_series(1, 20000) n JOIN happening h ON h.way = n % 20;
CREATE INDEX ON dated (s, n, number);
ANALYZE dated;
INSERT INTO application (id, organization_id, owner_id, job_search_id, posting_id, channel, stage_id, stage_kind, stage_since, began_at, outcome, outcome_stage_id,
    closed_at, resume_version, documents, applied_at, next_action, next_action_at, last_activity_at, version, created_at, updated_at)
SELECT bench.id(23, (began.s - 1) * 20000 + began.n), j.organization_id, j.owner_id, j.id, bench.id(22, (began.s - 1) * 20000 + began.n),
    (ARRAY['DIRECT', 'DIRECT', 'DIRECT', 'REFERRAL', 'RECRUITER', 'INBOUND', 'DIRECT'])[began.n / 20 % 7 + 1], t.id, t.kind, since.at, began.at,
    e.outcome, CASE WHEN e.outcome IS NOT NULL THEN t.id END, CASE WHEN e.outcome IS NOT NULL THEN latest.at END, (1 + began.n / 20 % 3)::text, '[]', applied.at,
    CASE WHEN e.outcome IS NULL THEN 'Ask how it stands' END, CASE WHEN e.outcome IS NULL THEN latest.at + interval '7 days' END, latest.at, e.last, began.at, latest.at
FROM dated began JOIN standing e USING (way) JOIN job_search j ON j.id = bench.id(19, began.s) JOIN stage t ON t.id = bench.id(20, (began.s - 1) * 7 + e.stage)
JOIN dated latest ON (latest.s, latest.n, latest.number) = (began.s, began.n, e.last) JOIN dated since ON (since.s, since.n, since.number) = (began.s, began.n, e.since)
LEFT JOIN dated applied ON (applied.s, applied.n, applied.number) = (began.s, began.n, e.applied)
WHERE began.number = 1 ORDER BY began.s, began.n;
INSERT INTO application_event (id, organization_id, owner_id, application_id, number, kind, from_stage_id, from_kind, to_stage_id, to_kind, outcome, occurred_at,
    recorded_at, actor_kind, actor_id, reason, corrects_id, place, version, created_at, updated_at)
SELECT bench.id(24, ((d.s - 1) * 20000 + d.n) * 16 + d.number), a.organization_id, a.owner_id, a.id, d.number, d.kind, f.id, f.kind, t.id, t.kind, d.outcome, d.at,
    d.at, 'USER', a.owner_id::text, CASE WHEN d.corrects IS NOT NULL THEN 'It was written wrongly.' END, bench.id(24, ((d.s - 1) * 20000 + d.n) * 16 + d.corrects),
    coalesce(d.corrects, d.number), 1, d.at, d.at
FROM dated d JOIN application a ON a.id = bench.id(23, (d.s - 1) * 20000 + d.n)
LEFT JOIN stage f ON f.id = bench.id(20, (d.s - 1) * 7 + d.from_stage) LEFT JOIN stage t ON t.id = bench.id(20, (d.s - 1) * 7 + d.stage)
ORDER BY d.s, d.n, d.number;
DROP TABLE happening, standing, dated;

-- What a service would do in the database: the pace of a person's weeks, and a plan with the event that tells of it. In
-- PL/pgSQL, which keeps its plans in the session; an SQL function would plan anew at each call.
CREATE FUNCTION bench.weekly_pace(org uuid, person uuid, weeks int) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN (
    WITH who AS (
        SELECT u.time_zone, date_trunc('week', now() AT TIME ZONE u.time_zone)::date AS current, c.weekly_learning_target_minutes AS target
        FROM "user" u LEFT JOIN career_profile c ON c.organization_id = org AND c.user_id = u.id AND c.deleted_at IS NULL
        WHERE u.id = person
    ), days AS (
        SELECT (s.started_at AT TIME ZONE who.time_zone)::date AS day, sum(s.minutes) AS minutes FROM who, learning_session s
        WHERE s.organization_id = org AND s.user_id = person AND s.deleted_at IS NULL AND s.started_at >= who.current - 156 * 7 GROUP BY 1
    ), by_week AS (
        SELECT date_trunc('week', day)::date AS week, sum(minutes) AS minutes, count(*) AS active FROM days GROUP BY 1
    ), told AS (
        SELECT n, who.current - 7 * n AS starts_on, coalesce(w.minutes, 0) AS minutes, coalesce(w.active, 0) AS active,
            coalesce(w.minutes, 0) >= who.target AS met
        FROM who, generate_series(0, 155) n LEFT JOIN by_week w ON w.week = (SELECT current FROM who) - 7 * n
    )
    SELECT json_build_object(
        'streakWeeks', (SELECT count(*) FROM told WHERE met AND n < coalesce((SELECT min(n) FROM told WHERE NOT met AND n > 0), 156)),
        'meanMinutes', (SELECT round(avg(minutes))::int FROM told WHERE n BETWEEN 1 AND 6),
        'weeks', (SELECT json_agg(json_build_object('startsOn', starts_on, 'minutes', minutes, 'activeDays', active) ORDER BY n DESC) FROM told WHERE n < weeks))
); END $$;
-- How far the applications of a search came, in all and by channel: from the histories in one pass, with one sort; whatever is counted
-- afterwards is counted in what is a few hundred rows. The tables are read once, and each event is met by whichever way the planner likes.
CREATE FUNCTION bench.funnel(org uuid, person uuid, search uuid) RETURNS json LANGUAGE plpgsql STABLE AS $$
BEGIN RETURN (
    WITH kind (step, kind) AS (
        SELECT n - 1, kind FROM unnest(ARRAY['RESEARCH', 'OUTREACH', 'APPLIED', 'SCREENING', 'INTERVIEWING', 'OFFER']) WITH ORDINALITY k (kind, n)
    ), known (place, outcome) AS (
        SELECT n, outcome FROM unnest(ARRAY[NULL, 'OFFER_ACCEPTED', 'OFFER_DECLINED', 'REJECTED', 'WITHDRAWN', 'NO_RESPONSE', 'POSITION_CLOSED']) WITH ORDINALITY o (outcome, n)
    ), bid AS MATERIALIZED (
        SELECT a.id, a.channel, a.outcome FROM job_search j JOIN application a ON a.job_search_id = j.id AND a.organization_id = org AND a.deleted_at IS NULL
        WHERE j.id = search AND j.organization_id = org AND j.deleted_at IS NULL AND j.owner_id = ANY (ARRAY(
            SELECT person UNION ALL SELECT g.owner_id FROM "grant" g WHERE g.organization_id = org AND g.grantee_id = person AND g.deleted_at IS NULL
            AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()) AND g.scopes & 96 <> 0))
    ), event AS (
        SELECT w.application_id AS id, w.place, w.kind = 'CLOSED' AS ends, floor(date_part('epoch', w.occurred_at))::bigint AS at,
            CASE w.to_kind WHEN 'RESEARCH' THEN 0 WHEN 'OUTREACH' THEN 1 WHEN 'APPLIED' THEN 2 WHEN 'SCREENING' THEN 3 WHEN 'INTERVIEWING' THEN 4 WHEN 'OFFER' THEN 5 END AS step
        FROM bid JOIN application_event w ON w.application_id = bid.id
        WHERE w.organization_id = org AND w.deleted_at IS NULL AND w.kind <> 'REVOKED'
        AND NOT EXISTS (SELECT FROM application_event c WHERE c.corrects_id = w.id AND c.organization_id = org AND c.deleted_at IS NULL)
    ), stay AS (
        SELECT id, CASE WHEN NOT ends THEN max(place * 8 + step) OVER (PARTITION BY id ORDER BY place) % 8 END AS step,
            greatest(lead(at) OVER (PARTITION BY id ORDER BY place) - at, 0) AS stood, lead(at) OVER (PARTITION BY id ORDER BY place) IS NOT NULL AS ended FROM event
    ), far AS (
        SELECT id, max(step) AS furthest, max(step) FILTER (WHERE NOT ended) AS stands, ARRAY[
            sum(stood) FILTER (WHERE step = 0), sum(stood) FILTER (WHERE step = 1), sum(stood) FILTER (WHERE step = 2),
            sum(stood) FILTER (WHERE step = 3), sum(stood) FILTER (WHERE step = 4), sum(stood) FILTER (WHERE step = 5)]::bigint[] AS stood
        FROM (SELECT id, step, ended, CASE WHEN ended THEN stood END AS stood FROM stay WHERE step IS NOT NULL) s GROUP BY id
    ), told AS MATERIALIZED (
        SELECT bid.channel, bid.outcome, far.furthest, far.stands, far.stood FROM bid LEFT JOIN far USING (id)
    ), tally AS MATERIALIZED (
        SELECT channel, outcome, furthest, count(*) AS number FROM told GROUP BY 1, 2, 3
    ), days AS (
        SELECT channel, k.step - 1 AS step, k.stood / 86400 AS days, count(*) AS number FROM told, unnest(told.stood) WITH ORDINALITY k (stood, step)
        WHERE k.stood IS NOT NULL AND k.step - 1 IS DISTINCT FROM told.stands GROUP BY 1, 2, 3
    ), spread AS (
        SELECT channel, step, days, sum(sum(number)) OVER (PARTITION BY grouping(channel), channel, step ORDER BY days) AS below,
            sum(sum(number)) OVER (PARTITION BY grouping(channel), channel, step) AS number
        FROM days GROUP BY GROUPING SETS ((channel, step, days), (step, days))
    ), median AS (
        SELECT channel, step, min(days) AS days FROM spread WHERE below * 2 >= number GROUP BY 1, 2
    ), sized AS (
        SELECT channel, sum(number) AS number FROM tally GROUP BY GROUPING SETS ((channel), ())
    ), reached AS (
        SELECT channel, k.step, kind, coalesce(sum(number) FILTER (WHERE furthest >= k.step), 0)::bigint AS number
        FROM tally CROSS JOIN kind k GROUP BY GROUPING SETS ((channel, k.step, kind), (k.step, kind))
    ), stages AS (
        SELECT channel, json_agg(json_build_object('kind', kind, 'reached', r.number,
            'conversionPercent', CASE WHEN r.before > 0 THEN r.number * 100 / r.before END, 'medianDays', m.days) ORDER BY step) AS stages
        FROM (SELECT *, lag(number) OVER (PARTITION BY channel ORDER BY step) AS before FROM reached) r
        LEFT JOIN LATERAL (SELECT m.days FROM median m WHERE m.channel IS NOT DISTINCT FROM r.channel AND m.step = r.step) m ON true GROUP BY channel
    ), outcomes AS (
        SELECT channel, json_agg(json_build_object('outcome', outcome, 'applications', number) ORDER BY place) AS outcomes
        FROM (SELECT t.channel, k.place, k.outcome, coalesce(sum(t.number) FILTER (WHERE t.outcome IS NOT DISTINCT FROM k.outcome), 0)::bigint AS number
            FROM tally t CROSS JOIN known k GROUP BY GROUPING SETS ((t.channel, k.place, k.outcome), (k.place, k.outcome))) o GROUP BY channel
    )
    SELECT json_build_object('groupBy', 'CHANNEL', 'groups', json_agg(json_build_object('kind', CASE WHEN s.channel IS NULL THEN 'TOTAL' ELSE 'GROUP' END,
        'key', s.channel, 'people', 1, 'applications', s.number::bigint, 'stages', stages, 'outcomes', outcomes) ORDER BY s.channel NULLS FIRST))
    FROM sized s JOIN stages t ON t.channel IS NOT DISTINCT FROM s.channel JOIN outcomes o ON o.channel IS NOT DISTINCT FROM s.channel
); END $$;
CREATE FUNCTION bench.start_plan(org uuid, person uuid, title text) RETURNS learning_plan LANGUAGE plpgsql VOLATILE AS $$
DECLARE made learning_plan;
BEGIN
    INSERT INTO learning_plan (id, organization_id, owner_id, title, status, search_text, version, created_at, updated_at)
    VALUES (gen_random_uuid(), org, person, title, 'DRAFT', lower(title), 1, now(), now()) RETURNING * INTO made;
    INSERT INTO event (id, organization_id, kind, subject_kind, subject_id, subject_version, owner_id, area, actor_kind, actor_id, occurred_at, data)
    VALUES (gen_random_uuid(), org, 'learning_plan.created', 'learning_plan', made.id::text, 1, person, 'learning', 'USER', person::text, now(),
        json_build_object('title', title)::text);
    RETURN made;
END $$;
COMMIT;
