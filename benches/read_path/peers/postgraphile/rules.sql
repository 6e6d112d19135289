-- PostGraphile's way: the database itself keeps the rules, by row-level security on the role that it connects as. The
-- settings are read once a statement (`(SELECT …)`), as its documentation advises, and so is whose things one sees.
CREATE ROLE postgraphile LOGIN;
GRANT USAGE ON SCHEMA public, bench TO postgraphile;
GRANT SELECT ON learning_plan, plan_item, competency, learning_resource, plan_item_resource, learning_resource_competency, "grant",
    project, scope, scope_step, milestone, metric, budget_line, company, job_search, stage, job_posting, application TO postgraphile;

CREATE FUNCTION bench.org() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT current_setting('app.org')::uuid $$;
CREATE FUNCTION bench.me() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT current_setting('app.person')::uuid $$;

-- Which scopes of a grant open a table: all of it is the tenant's where there are none.
DO $$ BEGIN EXECUTE (
    SELECT string_agg(format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY; CREATE POLICY tenant ON %I FOR SELECT TO postgraphile USING (
        organization_id = (SELECT bench.org()) AND deleted_at IS NULL %s);', name, name,
        CASE WHEN scopes IS NOT NULL THEN format('AND owner_id = ANY (ARRAY(
            SELECT bench.me() UNION ALL SELECT g.owner_id FROM "grant" g WHERE g.organization_id = (SELECT bench.org()) AND g.grantee_id = (SELECT bench.me())
            AND g.deleted_at IS NULL AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()) AND g.scopes & %s <> 0))', scopes)
        END), ' ')
    FROM (SELECT unnest(ARRAY['competency', 'learning_resource', 'grant', 'company']) AS name, NULL::int AS scopes
        UNION ALL SELECT unnest(ARRAY['learning_plan', 'plan_item', 'project', 'scope', 'scope_step', 'milestone', 'metric', 'budget_line']), 7
        UNION ALL SELECT unnest(ARRAY['job_search', 'stage', 'job_posting', 'application']), 96) opened
); END $$;

CREATE FUNCTION bench.my_weekly_pace(weeks int) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER AS
    $$ SELECT bench.weekly_pace(bench.org(), bench.me(), weeks) $$;
CREATE FUNCTION bench.my_funnel(search uuid) RETURNS json LANGUAGE sql STABLE SECURITY DEFINER AS
    $$ SELECT bench.funnel(bench.org(), bench.me(), search) $$;
CREATE FUNCTION bench.start_my_plan(title text) RETURNS learning_plan LANGUAGE sql VOLATILE SECURITY DEFINER AS
    $$ SELECT * FROM bench.start_plan(bench.org(), bench.me(), title) $$;
-- Only these are its operations.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA bench FROM PUBLIC;
GRANT EXECUTE ON FUNCTION bench.org(), bench.me(), bench.my_weekly_pace(int), bench.my_funnel(uuid), bench.start_my_plan(text) TO postgraphile;
COMMENT ON FUNCTION bench.org() IS '@behavior -*';
COMMENT ON FUNCTION bench.me() IS '@behavior -*';

-- What may be sorted and filtered by beyond what an index begins with.
COMMENT ON COLUMN learning_plan.due_on IS '@behavior +orderBy';
COMMENT ON COLUMN learning_plan.status IS '@behavior +filterBy';
COMMENT ON COLUMN application.created_at IS '@behavior +orderBy';
