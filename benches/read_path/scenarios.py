"""What the benchmark asks: the same question to every contestant, in the words of each.

A question has the GraphQL that Cairn and Mercurius share, PostGraphile's GraphQL, Cairn's REST path, the statement by
which PostgreSQL alone answers it, and what must be in the answer: how many objects of each kind, or its numbers.
"""

import json
import re
from typing import NamedTuple

# ---- the rows (data.sql says the same in SQL) --------------------------------------------------------------------

TENANTS = 20
PLAN = 8
PROJECT = 12
SEARCH = 19
STAGE = 20
STAGES = 7
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def uuid(kind, n):
    return f"00000000-0000-7{kind:03}-8000-{n:012x}"


def typed(prefix, kind, n):
    """The id as Cairn writes it."""
    bits = int(uuid(kind, n).replace("-", ""), 16)
    return prefix + "_" + "".join(ALPHABET[bits >> 5 * place & 31] for place in reversed(range(26)))


def is_coach(person):
    return (person - 1) // TENANTS % 10 == 0


def coached(coach):
    """The ten whose plans a coach sees, the coach included."""
    return [coach + TENANTS * k for k in range(10)]


def plans_of(person):
    return [(person - 1) * 5 + k + 1 for k in range(5)]


def readers(size):
    """Whose tokens are used: 5 coaches and 10 others of each tenant, spread over all people."""
    people = range(1, 1000 * size + 1)
    coaches = [p for p in people if is_coach(p)]
    others = [p for p in people if not is_coach(p)]
    return spread(coaches, 5), spread(others, 10)


def spread(people, count):
    """So many people of each tenant, as far from each other as can be."""
    of = [[p for p in people if (p - 1) % TENANTS == tenant] for tenant in range(TENANTS)]
    return [one for some in of for one in some[:: len(some) // count][:count]]


def turns(rows):
    """The rows in an order in which neighbours are of other tenants: (reader, …)."""
    of = [[] for _ in range(TENANTS)]
    for row in rows:
        of[(row[0] - 1) % TENANTS].append(row)
    return [of[t][k] for k in range(max(map(len, of))) for t in range(TENANTS) if k < len(of[t])]


def by_id_asks(coaches, others):
    asks = [(p, plan) for p in others for plan in plans_of(p)]
    asks += [(c, plan) for c in coaches for p in coached(c) for plan in plans_of(p)]
    return turns(asks)


def project_asks(coaches, others):
    return turns([(p, p) for p in coaches + others])


def searcher(search):
    """Whose search it is: the first of its tenant who is no coach."""
    return TENANTS + search


def searches(others):
    """A search for each thousand people."""
    return range(1, 1 + max(others) // 1000 + (max(others) % 1000 > 0))


def search_of(stage):
    return (stage - 1) // STAGES + 1


def pipeline_asks(coaches, others):
    return turns([(searcher(s), (s - 1) * STAGES + n + 1) for s in searches(others) for n in range(STAGES)])


def funnel_asks(coaches, others):
    return turns([(searcher(s), s) for s in searches(others)])


def coach_asks(coaches, others):
    return turns([(c, None) for c in coaches])


def anyone_asks(coaches, others):
    return turns([(p, None) for p in coaches + others])


def title_asks(coaches, others):
    return turns([(p, f"Learn thing {n} of person {p}") for p in coaches + others for n in range(10)])


# ---- what is in an answer ----------------------------------------------------------------------------------------

KINDS = {"pln": "plans", "008": "plans", "itm": "items", "009": "items", "res": "resources", "007": "resources",
         "cmp": "competencies", "006": "competencies", "prj": "projects", "012": "projects", "scp": "scopes", "013": "scopes",
         "sst": "steps", "014": "steps", "ms": "milestones", "015": "milestones", "mtr": "metrics", "016": "metrics",
         "bln": "lines", "018": "lines", "stg": "stages", "020": "stages", "cny": "companies", "021": "companies",
         "jpo": "postings", "022": "postings", "app": "applications", "023": "applications"}
IDS = re.compile(r'"id" ?: ?"(?:(pln|itm|res|cmp|prj|scp|sst|ms|mtr|bln|stg|cny|jpo|app)_|00000000-0000-7(\d{3})-)')


def objects(text):
    """How many objects of each kind an answer shows, by their ids, and its `totalCount`."""
    found = {}
    for typed, kind in IDS.findall(text):
        name = KINDS[typed or kind]
        found[name] = found.get(name, 0) + 1
    total = re.search(r'"totalCount" ?: ?"?(\d+)', text)
    return found | ({"totalCount": int(total[1])} if total else {})


def pace(text):
    """The minutes of the weeks, and the streak."""
    streak = re.search(r'"streakWeeks" ?: ?(\d+)', text)
    return {"weeks": len(re.findall(r'"startsOn"', text)), "minutes": sum(map(int, re.findall(r'"minutes" ?: ?(\d+)', text))),
            "streak": int(streak[1]) if streak else None}


def made(text):
    """A plan that was not there before."""
    return {"made": len(re.findall(r'"id" ?: ?"(?:pln_|[0-9a-f]{8}-)', text))}


def rows(text):
    """How many objects, and what they are called, in their order."""
    return objects(text) | {"called": re.findall(r'"(?:title|name)" ?: ?"([^"]*)"', text)}


def funnel(text):
    """Every number of every group."""
    return {f"{group['kind']} {group['key'] or ''}".strip(): [
        group["people"], group["applications"], *((stage["kind"], stage["reached"], stage["conversionPercent"], stage["medianDays"]) for stage in group["stages"]),
        *((one["outcome"], one["applications"]) for one in group["outcomes"])] for group in groups(json.loads(text))} | {"groups": len(groups(json.loads(text)))}


def groups(answer):
    """Of a funnel, wherever it is in an answer."""
    while "groups" not in answer:
        answer = answer["data"] if "data" in answer else answer["funnel"]
    return answer["groups"]


# ---- PostgreSQL alone --------------------------------------------------------------------------------------------

# What a statement of pgbench begins with: a coach of a tenant, or a plan and its owner.
COACH = r"""\set b random(0, 5 * :size - 1)
\set o random(1, 20)
\set me :b * 200 + :o
"""
OWNER = r"""\set n random(1, 5000 * :size)
\set me (:n - 1) / 5 + 1
\set o (:me - 1) % 20 + 1
"""
# An array is an index condition where OR is none: tuned by hand.
VISIBLE = """p.organization_id = bench.id(1, :o) AND p.deleted_at IS NULL AND p.owner_id = ANY (ARRAY(
  SELECT bench.id(2, :me) UNION ALL SELECT g.owner_id FROM "grant" g WHERE g.organization_id = bench.id(1, :o) AND g.grantee_id = bench.id(2, :me) AND g.deleted_at IS NULL
  AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > now()) AND g.scopes & 7 <> 0))"""
PROJECT_OWNER = r"""\set me random(1, 1000 * :size)
\set o (:me - 1) % 20 + 1
"""
SEARCHER = r"""\set o random(1, :size)
\set me 20 + :o
"""
STAGE_OF = SEARCHER + r"""\set n (:o - 1) * 7 + random(1, 7)
"""
SEARCH_OF = SEARCHER + r"""\set n :o
"""
PLAN_JSON = """json_build_object('id', p.id, 'ownerId', p.owner_id, 'title', p.title, 'description', p.description, 'status', p.status,
  'dueOn', p.due_on, 'approvedAt', p.approved_at, 'version', p.version, 'createdAt', p.created_at, 'updatedAt', p.updated_at)"""
ROWS = "p.organization_id = bench.id(1, :o) AND p.deleted_at IS NULL".replace("p.", "x.")


def page(object, rows, order):
    return f"(SELECT json_build_object('nodes', coalesce(json_agg({object} ORDER BY {order}), '[]')) FROM ({rows}) x)"


def rest(path, fields, method="GET", **sizes):
    """A question to REST that names the fields that the GraphQL selects, and how many of each list."""
    sizes = "".join(f"&{name.replace('_', '.')}.first={size}" for name, size in sizes.items())
    return method, f"{path}{'&' if '?' in path else '?'}fields={','.join(fields.split())}{sizes}", None


class Scenario(NamedTuple):
    name: str
    about: str
    asks: object            # (coaches, others) -> [(reader, argument)]
    cairn: str              # GraphQL, of Mercurius too
    postgraphile: str
    rest: object            # argument -> (method, path, body); none where REST does not reach as deep
    draw: str               # how pgbench draws who asks
    sql: str                # its statement
    expect: dict            # what every answer holds
    variables: object = lambda argument, id: {}
    look: object = objects  # text -> what it holds
    fewer: int = 1          # by how much fewer connections ask it: of what takes both processors for long


SCENARIOS = [
    Scenario(
        "by id", "a plan by its id, ten fields",
        by_id_asks,
        "query($id: ID!) { learningPlan(id: $id) { id ownerId title description status dueOn approvedAt version createdAt updatedAt } }",
        "query($id: UUID!) { learningPlan: learningPlanByRowId(rowId: $id) { id: rowId ownerId title description status dueOn approvedAt version createdAt updatedAt } }",
        lambda plan: rest(f"/learning-plans/{typed('pln', PLAN, plan)}", "ownerId title description status dueOn approvedAt createdAt updatedAt"),
        OWNER, f"SELECT {PLAN_JSON} FROM learning_plan p WHERE p.id = bench.id(8, :n) AND {VISIBLE};",
        {"plans": 1},
        variables=lambda plan, id: {"id": id("pln", PLAN, plan)},
    ),
    Scenario(
        "three levels", "20 plans, each with 5 items, their resources, and what those teach",
        coach_asks,
        """{ learningPlans(first: 20, orderBy: [{field: CREATED_AT, direction: DESC}]) { pageInfo { endCursor hasNextPage } nodes {
            id title status dueOn items(first: 5) { nodes { id status targetLevel sortOrder resources(first: 5) { nodes {
            id title kind url competencies(first: 5) { nodes { id code name } } } } } } } } }""",
        """{ learningPlans: allLearningPlans(first: 20, orderBy: [CREATED_AT_DESC]) { pageInfo { endCursor hasNextPage } nodes {
            id: rowId title status dueOn items: planItemsByPlanId(first: 5, orderBy: [SORT_ORDER_ASC]) { nodes {
            id: rowId status targetLevel sortOrder resources: planItemResourcesByPlanItemId(first: 5) { nodes {
            resource: learningResourceByLearningResourceId { id: rowId title kind url
            competencies: learningResourceCompetenciesByLearningResourceId(first: 5) { nodes {
            competency: competencyByCompetencyId { id: rowId code name } } } } } } } } } } }""",
        None,
        COACH, "SELECT " + page(
            "json_build_object('id', id, 'title', title, 'status', status, 'dueOn', due_on, 'items', items)",
            "SELECT p.*, " + page(
                "json_build_object('id', id, 'status', status, 'targetLevel', target_level, 'sortOrder', sort_order, 'resources', resources)",
                "SELECT x.*, " + page(
                    "json_build_object('id', id, 'title', title, 'kind', kind, 'url', url, 'competencies', competencies)",
                    "SELECT r.*, " + page(
                        "json_build_object('id', id, 'code', code, 'name', name)",
                        f"SELECT x.* FROM learning_resource_competency k JOIN competency x ON x.id = k.competency_id WHERE k.learning_resource_id = r.id AND {ROWS} ORDER BY x.path, x.id LIMIT 5",
                        "path, id") + f" AS competencies FROM plan_item_resource k JOIN learning_resource r ON r.id = k.learning_resource_id WHERE k.plan_item_id = x.id AND {ROWS.replace('x.', 'r.')} ORDER BY r.created_at, r.id LIMIT 5",
                    "created_at, id") + f" AS resources FROM plan_item x WHERE x.plan_id = p.id AND {ROWS} ORDER BY x.sort_order, x.id LIMIT 5",
                "sort_order, id") + f" AS items FROM learning_plan p WHERE {VISIBLE} ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
            "created_at DESC, id DESC") + ";",
        {"plans": 20, "items": 100, "resources": 100, "competencies": 200},
    ),
    Scenario(
        "two levels", "20 plans, each with 5 items and their resources",
        coach_asks,
        """{ learningPlans(first: 20, orderBy: [{field: CREATED_AT, direction: DESC}]) { pageInfo { endCursor hasNextPage } nodes {
            id title status dueOn items(first: 5) { nodes { id status targetLevel sortOrder resources(first: 5) { nodes { id title kind url } } } } } } }""",
        """{ learningPlans: allLearningPlans(first: 20, orderBy: [CREATED_AT_DESC]) { pageInfo { endCursor hasNextPage } nodes {
            id: rowId title status dueOn items: planItemsByPlanId(first: 5, orderBy: [SORT_ORDER_ASC]) { nodes {
            id: rowId status targetLevel sortOrder resources: planItemResourcesByPlanItemId(first: 5) { nodes {
            resource: learningResourceByLearningResourceId { id: rowId title kind url } } } } } } } }""",
        lambda _: rest("/learning-plans?first=20&sort=-createdAt", "title status dueOn items.status items.targetLevel items.sortOrder "
                       "items.resources.title items.resources.kind items.resources.url", items=5, items_resources=5),
        COACH, "SELECT " + page(
            "json_build_object('id', id, 'title', title, 'status', status, 'dueOn', due_on, 'items', items)",
            "SELECT p.*, " + page(
                "json_build_object('id', id, 'status', status, 'targetLevel', target_level, 'sortOrder', sort_order, 'resources', resources)",
                "SELECT x.*, " + page(
                    "json_build_object('id', id, 'title', title, 'kind', kind, 'url', url)",
                    f"SELECT r.* FROM plan_item_resource k JOIN learning_resource r ON r.id = k.learning_resource_id WHERE k.plan_item_id = x.id AND {ROWS.replace('x.', 'r.')} ORDER BY r.created_at, r.id LIMIT 5",
                    "created_at, id") + f" AS resources FROM plan_item x WHERE x.plan_id = p.id AND {ROWS} ORDER BY x.sort_order, x.id LIMIT 5",
                "sort_order, id") + f" AS items FROM learning_plan p WHERE {VISIBLE} ORDER BY p.created_at DESC, p.id DESC LIMIT 20",
            "created_at DESC, id DESC") + ";",
        {"plans": 20, "items": 100, "resources": 100},
    ),
    Scenario(
        "big nested", "50 plans, each with all its 10 items and their competency",
        coach_asks,
        """{ learningPlans(first: 50, orderBy: [{field: CREATED_AT, direction: DESC}]) { pageInfo { endCursor hasNextPage } nodes {
            id title description status dueOn items(first: 20) { nodes { id status motivation targetLevel weight sortOrder note
            competency { id code name } } } } } }""",
        """{ learningPlans: allLearningPlans(first: 50, orderBy: [CREATED_AT_DESC]) { pageInfo { endCursor hasNextPage } nodes {
            id: rowId title description status dueOn items: planItemsByPlanId(first: 20, orderBy: [SORT_ORDER_ASC]) { nodes {
            id: rowId status motivation targetLevel weight sortOrder note competency: competencyByCompetencyId { id: rowId code name } } } } } }""",
        lambda _: rest("/learning-plans?first=50&sort=-createdAt", "title description status dueOn items.status items.motivation items.targetLevel "
                       "items.weight items.sortOrder items.note items.competency.code items.competency.name", items=20),
        COACH, "SELECT " + page(
            "json_build_object('id', id, 'title', title, 'description', description, 'status', status, 'dueOn', due_on, 'items', items)",
            "SELECT p.*, " + page(
                "json_build_object('id', id, 'status', status, 'motivation', motivation, 'targetLevel', target_level, 'weight', weight, 'sortOrder', sort_order, 'note', note, "
                "'competency', CASE WHEN c_id IS NOT NULL THEN json_build_object('id', c_id, 'code', code, 'name', name) END)",
                f"SELECT x.*, c.id AS c_id, c.code, c.name FROM plan_item x LEFT JOIN competency c ON c.id = x.competency_id AND {ROWS.replace('x.', 'c.')} "
                f"WHERE x.plan_id = p.id AND {ROWS} ORDER BY x.sort_order, x.id LIMIT 20",
                "sort_order, id") + f" AS items FROM learning_plan p WHERE {VISIBLE} ORDER BY p.created_at DESC, p.id DESC LIMIT 50",
            "created_at DESC, id DESC") + ";",
        {"plans": 50, "items": 500, "competencies": 500},
    ),
    Scenario(
        "filter + count", "20 of the 30 active plans by their due date, and how many there are",
        coach_asks,
        """{ learningPlans(first: 20, filter: {status: [ACTIVE]}, orderBy: [{field: DUE_ON, direction: DESC}]) {
            totalCount pageInfo { endCursor hasNextPage } nodes { id ownerId title status dueOn version updatedAt } } }""",
        """{ learningPlans: allLearningPlans(first: 20, condition: {status: "ACTIVE"}, orderBy: [DUE_ON_DESC]) {
            totalCount pageInfo { endCursor hasNextPage } nodes { id: rowId ownerId title status dueOn version updatedAt } } }""",
        lambda _: rest("/learning-plans?first=20&status=ACTIVE&sort=-dueOn&count=true", "ownerId title status dueOn version updatedAt"),
        COACH, f"""SELECT json_build_object('totalCount', (SELECT count(*) FROM learning_plan p WHERE {VISIBLE} AND p.status = 'ACTIVE'), 'page', """ + page(
            "json_build_object('id', id, 'ownerId', owner_id, 'title', title, 'status', status, 'dueOn', due_on, 'version', version, 'updatedAt', updated_at)",
            f"SELECT p.* FROM learning_plan p WHERE {VISIBLE} AND p.status = 'ACTIVE' ORDER BY p.due_on DESC, p.id DESC LIMIT 20",
            "due_on DESC, id DESC") + ");",
        {"plans": 20, "totalCount": 30},
    ),
    Scenario(
        "project", "a project with its scope, five steps, three milestones with their metrics, and its budget",
        project_asks,
        """query($id: ID!) { project(id: $id) { id title summary kind status dueOn scope { id revision steps(first: 5) { nodes { id step state completedAt } } }
            milestones(first: 10) { nodes { id title targetDate sortOrder completedAt metrics(first: 10) { nodes { id kind name unit direction baseline target } } } }
            budgetLines(first: 20) { nodes { id category description supportStatus plannedAmount { amount currency } } } } }""",
        """query($id: UUID!) { project: projectByRowId(rowId: $id) { id: rowId title summary kind status dueOn
            scope: scopesByProjectId(first: 1) { nodes { id: rowId revision steps: scopeStepsByScopeId(first: 5, orderBy: [PLACE_ASC]) { nodes { id: rowId step state completedAt } } } }
            milestones: milestonesByProjectId(first: 10, orderBy: [SORT_ORDER_ASC]) { nodes { id: rowId title targetDate sortOrder completedAt
            metrics: metricsByMilestoneId(first: 10, orderBy: [CREATED_AT_ASC]) { nodes { id: rowId kind name unit direction baseline target } } } }
            budgetLines: budgetLinesByProjectId(first: 20, orderBy: [CREATED_AT_ASC]) { nodes { id: rowId category description supportStatus planned currency } } } }""",
        lambda project: rest(f"/projects/{typed('prj', PROJECT, project)}", "title summary kind status dueOn scope.revision scope.steps.step scope.steps.state "
                             "scope.steps.completedAt milestones.title milestones.targetDate milestones.sortOrder milestones.completedAt milestones.metrics.kind "
                             "milestones.metrics.name milestones.metrics.unit milestones.metrics.direction milestones.metrics.baseline milestones.metrics.target "
                             "budgetLines.category budgetLines.description budgetLines.supportStatus budgetLines.plannedAmount",
                             scope_steps=5, milestones=10, milestones_metrics=10, budgetLines=20),
        PROJECT_OWNER, "SELECT json_build_object('id', p.id, 'title', p.title, 'summary', p.summary, 'kind', p.kind, 'status', p.status, 'dueOn', p.due_on, 'scope', "
        "(SELECT json_build_object('id', s.id, 'revision', s.revision, 'steps', " + page(
            "json_build_object('id', id, 'step', step, 'state', state, 'completedAt', completed_at)",
            f"SELECT x.* FROM scope_step x WHERE x.scope_id = s.id AND {ROWS} ORDER BY x.place, x.id LIMIT 5", "place, id") +
        ") FROM scope s WHERE s.project_id = p.id AND s.deleted_at IS NULL), 'milestones', " + page(
            "json_build_object('id', id, 'title', title, 'targetDate', target_date, 'sortOrder', sort_order, 'completedAt', completed_at, 'metrics', metrics)",
            "SELECT x.*, " + page(
                "json_build_object('id', id, 'kind', kind, 'name', name, 'unit', unit, 'direction', direction, 'baseline', baseline, 'target', target)",
                f"SELECT m.* FROM metric m WHERE m.milestone_id = x.id AND {ROWS.replace('x.', 'm.')} ORDER BY m.created_at, m.id LIMIT 10", "created_at, id") +
            f" AS metrics FROM milestone x WHERE x.project_id = p.id AND {ROWS} ORDER BY x.sort_order, x.id LIMIT 10", "sort_order, id") +
        ", 'budgetLines', " + page(
            "json_build_object('id', id, 'category', category, 'description', description, 'supportStatus', support_status, 'planned', planned, 'currency', currency)",
            f"SELECT x.* FROM budget_line x WHERE x.project_id = p.id AND {ROWS} ORDER BY x.created_at, x.id LIMIT 20", "created_at, id") +
        f") FROM project p WHERE p.id = bench.id(12, :me) AND {VISIBLE};",
        {"projects": 1, "scopes": 1, "steps": 5, "milestones": 3, "metrics": 6, "lines": 4},
        variables=lambda project, id: {"id": id("prj", PROJECT, project)},
    ),
    Scenario(
        "pipeline", "50 of the applications in a stage of a search that has 20,000, the newest first, with their openings, the companies and the stage",
        pipeline_asks,
        """query($search: ID!, $stage: ID!) { applications(first: 50, filter: {jobSearchId: [$search], stageId: [$stage]}, orderBy: [{field: CREATED_AT, direction: DESC}]) {
            pageInfo { endCursor hasNextPage } nodes { id channel stageSince beganAt outcome nextAction nextActionAt
            posting { id title location company { id name } } stage { id name kind } } } }""",
        """query($search: UUID!, $stage: UUID!) { applications: allApplications(first: 50, condition: {jobSearchId: $search, stageId: $stage}, orderBy: [CREATED_AT_DESC]) {
            pageInfo { endCursor hasNextPage } nodes { id: rowId channel stageSince beganAt outcome nextAction nextActionAt
            posting: jobPostingByPostingId { id: rowId title location company: companyByCompanyId { id: rowId name } } stage: stageByStageId { id: rowId name kind } } } }""",
        lambda stage: rest(f"/applications?first=50&jobSearchId={typed('jsr', SEARCH, search_of(stage))}&stageId={typed('stg', STAGE, stage)}&sort=-createdAt",
                           "channel stageSince beganAt outcome nextAction nextActionAt posting.title posting.location posting.company.name stage.name stage.kind"),
        STAGE_OF, "SELECT " + page(
            "json_build_object('id', id, 'channel', channel, 'stageSince', stage_since, 'beganAt', began_at, 'outcome', outcome, 'nextAction', next_action, 'nextActionAt', next_action_at, "
            "'posting', json_build_object('id', posting_id, 'title', title, 'location', location, 'company', json_build_object('id', company_id, 'name', company)), "
            "'stage', json_build_object('id', stage_id, 'name', stage, 'kind', stage_kind))",
            "SELECT p.*, o.title, o.location, c.id AS company_id, c.name AS company, s.name AS stage FROM "
            f"(SELECT p.* FROM application p WHERE p.job_search_id = bench.id(19, :o) AND p.stage_id = bench.id(20, :n) AND {VISIBLE.replace('& 7', '& 96')} "
            f"ORDER BY p.created_at DESC, p.id DESC LIMIT 50) p JOIN job_posting o ON o.id = p.posting_id AND {ROWS.replace('x.', 'o.')} "
            f"JOIN company c ON c.id = o.company_id AND {ROWS.replace('x.', 'c.')} JOIN stage s ON s.id = p.stage_id AND {ROWS.replace('x.', 's.')}",
            "created_at DESC, id DESC") + ";",
        {"applications": 50, "postings": 50, "companies": 50, "stages": 50},
        variables=lambda stage, id: {"search": id("jsr", SEARCH, search_of(stage)), "stage": id("stg", STAGE, stage)},
        look=rows,
    ),
    Scenario(
        "funnel", "how far the 20,000 applications of a search came, in all and by channel, from their 100,000 events",
        funnel_asks,
        """query($search: ID!) { funnel(jobSearchId: $search, groupBy: CHANNEL) { groups { kind key people applications
            stages { kind reached conversionPercent medianDays } outcomes { outcome applications } } } }""",
        "query($search: UUID!) { funnel: benchMyFunnel(search: $search) }",
        lambda search: ("GET", f"/funnel?jobSearchId={typed('jsr', SEARCH, search)}&groupBy=CHANNEL", None),
        SEARCH_OF, "SELECT bench.funnel(bench.id(1, :o), bench.id(2, :me), bench.id(19, :n));",
        {"groups": 5},
        variables=lambda search, id: {"search": id("jsr", SEARCH, search)},
        look=funnel,
        fewer=8,
    ),
    Scenario(
        "report", "the pace of somebody's last 12 weeks, from a year of sessions",
        anyone_asks,
        "{ weeklyPace(weeks: 12) { streakWeeks meanMinutes weeks { startsOn minutes activeDays } } }",
        "{ weeklyPace: benchMyWeeklyPace(weeks: 12) }",
        lambda _: ("GET", "/weekly-pace?weeks=12", None),
        COACH, "SELECT bench.weekly_pace(bench.id(1, :o), bench.id(2, :me), 12);",
        {"weeks": 12},
        look=pace,
    ),
    Scenario(
        "create", "a plan, with the event that tells of it",
        title_asks,
        "mutation($title: String!) { createLearningPlan(input: {title: $title}) { learningPlan { id title status version createdAt } userErrors { code } } }",
        "mutation($title: String!) { createLearningPlan: benchStartMyPlan(input: {title: $title}) { learningPlan: result { id: rowId title status version createdAt } } }",
        lambda title: (*rest("/learning-plans", "title status createdAt", "POST")[:2], json.dumps({"title": title})),
        OWNER, "SELECT json_build_object('id', p.id, 'title', p.title, 'status', p.status, 'version', p.version, 'createdAt', p.created_at) "
        "FROM bench.start_plan(bench.id(1, :o), bench.id(2, :me), 'Learn thing ' || :n) p;",
        {"made": 1},
        variables=lambda title, id: {"title": title},
        look=made,
    ),
]
