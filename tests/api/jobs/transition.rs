//! What changes from here to there, and the paths that lead there (§16, §17).

use serde_json::{Value, json};

use super::{analyst, does};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    both_at_once_has_two_paths,
    one_thing_has_one_leg,
    a_mark_makes_another_role,
    ends_are_named_once,
    who_may_know_what_of_a_switch
);

const ASK: &str = "classifyTransition";

/// What changes, in words of one's own.
async fn kind(who: &Actor, question: Value) -> String {
    who.ask(ASK, question).await.done()["kind"].as_str().unwrap().to_owned()
}

/// The legs of a path, each as what it changes and where it leads.
fn legs(path: &Value) -> String {
    let each = path["legs"].as_array().unwrap().iter().map(|leg| {
        let text = |name: &str| leg[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} in {}, {} open", text("kind"), text("toRole"), text("toIndustry"), leg["skillGap"]["open"])
    });
    each.collect::<Vec<_>>().join("; ")
}

async fn both_at_once_has_two_paths(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    // Whom she knows: one in technology, one there in the role, and one in finance.
    for (name, role, industry) in [
        ("Noor", "Dispatcher", "Software"),
        ("Olu", "Machine-learning engineer", "Tech"),
        ("Pia", "Teller", "Finance"),
        ("Quin", "Pilot", "Aviation"),
    ] {
        let company = ada.create("Company", json!({ "name": name, "industry": industry })).await.id();
        ada.create("Contact", json!({ "name": name, "role": role, "companyId": company })).await.done();
    }
    let told = ada.ask(ASK, json!({ "toRole": "machine learning engineer", "toIndustry": "Software" })).await.done();
    assert_eq!(
        (&told["kind"], &told["toRole"], &told["toRoleProfileId"], &told["toIndustry"], &told["fromIndustry"]),
        (&json!("ROLE_AND_INDUSTRY"), &json!("ML engineer"), &json!(role), &json!("Technology"), &json!("Finance"))
    );
    assert_eq!((&told["fromRole"], &told["fromRoleProfileId"]), (&json!("Financial analyst"), &Value::Null));
    let paths = told["paths"].as_array().unwrap();
    assert_eq!(
        paths.iter().map(|path| path["id"].clone()).collect::<Vec<_>>(),
        [json!("ROLE_FIRST"), json!("INDUSTRY_FIRST")]
    );
    assert_snapshot!(legs(&paths[0]), @"ROLE ML engineer in Finance, 2 open; INDUSTRY ML engineer in Technology, 2 open");
    assert_snapshot!(legs(&paths[1]), @"INDUSTRY Financial analyst in Technology, null open; ROLE ML engineer in Technology, 2 open");
    let names = |leg: &Value| {
        leg["contacts"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_snapshot!(names(&paths[0]["legs"][0]), @"Olu Pia");
    assert_snapshot!(names(&paths[0]["legs"][1]), @"Olu Noor");
    assert_eq!(paths[0]["legs"][1]["contactCount"], json!(2));
    let said = |path: &Value| {
        let reasons = path["reasons"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
        [path["benefit"].as_str().unwrap().to_owned()].into_iter().chain(reasons).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(said(&paths[0]), @r"
    The new role is learnt where Finance and its people are known already; with experience as ML engineer, the move to Technology comes easier later.
    2 of 2 things that ML engineer asks for are still to be learnt.
    2 contacts work as ML engineer or in Finance.
    2 contacts work in Technology, or as ML engineer elsewhere.
    ");
    assert_snapshot!(said(&paths[1]), @r"
    What is known as Financial analyst stays of use, while colleagues in Technology show how the work of ML engineer is done there.
    2 contacts work in Technology, or as Financial analyst elsewhere.
    2 of 2 things that ML engineer asks for are still to be learnt.
    2 contacts work as ML engineer or in Technology.
    ");
    // The widest gap comes first.
    let open: Vec<_> = paths[0]["legs"][0]["skillGap"]["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["gap"].clone())
        .collect();
    assert_eq!(open, [json!(2), json!(1)]);
}

async fn one_thing_has_one_leg(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, role, _) = analyst(&acme).await;
    let told = ada.ask(ASK, json!({ "toRoleProfileId": role })).await.done();
    assert_eq!(told["kind"], json!("ROLE"));
    assert_snapshot!(legs(&told["paths"][0]), @"ROLE ML engineer in Finance, 2 open");
    let told = ada.ask(ASK, json!({ "toIndustry": "Government" })).await.done();
    assert_eq!((&told["kind"], &told["paths"][0]["id"]), (&json!("INDUSTRY"), &json!("DIRECT")));
    assert_snapshot!(legs(&told["paths"][0]), @"INDUSTRY Financial analyst in Government, null open");
    let told = ada.ask(ASK, json!({ "toRole": "financial  Analyst", "toIndustry": "Fintech" })).await.done();
    assert_eq!((&told["kind"], &told["paths"]), (&json!("NONE"), &json!([])));
    // A student or a physicist who becomes an engineer switches roles; so does whoever has none yet.
    for from in ["Student", "Physicist"] {
        assert_eq!(kind(&ada, json!({ "fromRole": from, "toRole": "ML engineer" })).await, "ROLE");
    }
    let ben = acme.learner("ben").await;
    assert_eq!(kind(&ben, json!({ "toRole": "ML engineer", "toIndustry": "Technology" })).await, "ROLE");
    // From healthcare, finance or government into software is another industry.
    for from in ["Healthcare", "Finance", "Government"] {
        let asked = json!({ "fromRole": "ML engineer", "fromIndustry": from, "toRole": "ML engineer", "toIndustry": "Software" });
        assert_eq!(kind(&ada, asked).await, "INDUSTRY");
    }
    // A family is the same work at other levels.
    let senior = json!({ "title": "Staff engineer, ML", "family": "machine LEARNING", "seniority": "SENIOR" });
    let senior = root.create("RoleProfile", senior).await.id();
    assert_eq!(kind(&ada, json!({ "fromRole": "ML engineer", "toRoleProfileId": senior })).await, "NONE");
}

async fn a_mark_makes_another_role(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    for (from, to, expected) in [
        ("C", "C#", "ROLE"),
        ("C developer", "C++ developer", "ROLE"),
        (".NET developer", "NET developer", "ROLE"),
        ("!!!", "???", "ROLE"),
        ("c++-Developer", "C++ developer!", "NONE"),
        ("!!!", " !!! ", "NONE"),
    ] {
        assert_eq!(kind(&ada, json!({ "fromRole": from, "toRole": to })).await, expected, "{from} to {to}");
    }
    does(&ada, json!({ "currentRole": "C developer" })).await;
    let plan = ada.create("TransitionPlan", json!({ "toRole": "C++ developer" })).await.done();
    assert_eq!(plan["kind"], json!("ROLE"));
}

async fn ends_are_named_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, _, role, _) = analyst(&acme).await;
    let refused = async |question: Value| ada.ask(ASK, question).await.code();
    assert_snapshot!(refused(json!({})).await, @"TRANSITION_TARGET_REQUIRED");
    let twice = json!({ "toRoleProfileId": role, "toRole": "ML engineer" });
    assert_snapshot!(refused(twice).await, @"TRANSITION_END_AMBIGUOUS");
    let industry = ada.list("Industry", &[("q", "finance")]).await.ids().remove(0);
    let twice = json!({ "toRoleProfileId": role, "fromListedIndustryId": industry, "fromIndustry": "Finance" });
    assert_snapshot!(refused(twice).await, @"TRANSITION_END_AMBIGUOUS");
    assert_snapshot!(refused(json!({ "toRoleProfileId": nothing("rpr") })).await, @"REFERENCE_UNKNOWN");
    let nowhere = json!({ "toListedIndustryId": nothing("ind") });
    assert_snapshot!(refused(nowhere).await, @"REFERENCE_UNKNOWN");
}

async fn who_may_know_what_of_a_switch(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, role, _) = analyst(&acme).await;
    let (kim, machine) = (acme.coach("kim").await, acme.omnipotent().await);
    ada.create("Contact", json!({ "name": "Noor", "role": "ML engineer" })).await.done();
    let asked = json!({ "userId": ada.id, "fromRole": "Analyst", "toRoleProfileId": role });
    // No role opens it, nor is a machine told.
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.ask(ASK, asked.clone()).await.said(), @"GRANT_REQUIRED");
    }
    assert_snapshot!(machine.ask(ASK, json!({ "toRoleProfileId": role })).await.code(), @"OWNER_REQUIRED");
    ada.opens(&kim, &["learning:write", "projects:write"]).await;
    assert_snapshot!(kim.ask(ASK, asked.clone()).await.said(), @"GRANT_REQUIRED");
    // A grant of it opens it, and of the rest only what is opened too.
    let jobs = ada.opens(&kim, &["jobs:read"]).await;
    let told = kim.ask(ASK, asked.clone()).await.done();
    let leg = &told["paths"][0]["legs"][0];
    assert_eq!((&leg["skillGap"]["open"], &leg["contactCount"]), (&json!(2), &json!(0)));
    ada.opens(&kim, &["community:read"]).await;
    assert_eq!(kim.ask(ASK, asked.clone()).await.done()["paths"][0]["legs"][0]["contactCount"], json!(1));
    ada.tell("Grant", "revoke", &jobs).await.done();
    assert_snapshot!(kim.ask(ASK, asked.clone()).await.said(), @"GRANT_REQUIRED");
    let ben = acme.coach("ben").await;
    ada.opens(&ben, &["jobs:write"]).await;
    let told = ben.ask(ASK, json!({ "userId": ada.id, "toRoleProfileId": role })).await.done();
    assert_eq!((&told["fromRole"], &told["paths"][0]["legs"][0]["skillGap"]), (&Value::Null, &Value::Null));
    does(&ben, json!({ "currentRole": "Coach" })).await;
}
