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
