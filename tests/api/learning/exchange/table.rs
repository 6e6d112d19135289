//! Frameworks as tables.

use serde_json::{Value, json};

use super::{competencies, events, import, outcome, table_of};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    a_table_comes_and_goes,
    what_is_used_anywhere_stays,
    what_is_wrong_is_told_by_its_line,
    a_table_needs_its_framework
);

fn table(csv: &str) -> Value {
    json!({ "kind": "FRAMEWORK_CSV", "csv": csv, "shortName": "own", "title": "Our own" })
}

const TABLE: &str = "code,name,description,parentCode,sortOrder,rule,alignments\r\n\
    ml,Machine learning,,,1,ALL,\r\n\
    ml.reg,'=Regression,\"Fits lines,\n\"\"and\"\" more\",ml,1,NONE,\"ESCO|https://esco.example.org/1\nO*NET|https://onet.example.org/2\"\r\n\
    -x,'-odd,'@home,ml,0,ANY,\r\n";

async fn a_table_comes_and_goes(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let job = import(&root, table(TABLE)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 3 0 0 0 warnings:  SCALE_DEFAULTED");
    let all = competencies(&root, &job["frameworkId"]).await;
    assert_eq!(
        (&all["ml.reg"]["name"], &all["-x"]["name"], &all["-x"]["description"]),
        (&json!("=Regression"), &json!("-odd"), &json!("@home"))
    );
    assert_eq!(all["ml.reg"]["description"], "Fits lines,\n\"and\" more");
    assert_eq!(
        (&all["ml"]["rule"], &all["-x"]["rule"], &all["-x"]["path"]),
        (&json!("ALL"), &json!("ANY"), &json!("ml/-x"))
    );

    let out = table_of(&root, &job["frameworkId"]).await;
    assert_snapshot!(out.replace('\r', ""), @r#"
    code,name,description,parentCode,sortOrder,rule,alignments
    ml,Machine learning,,,1,ALL,
    '-x,'-odd,'@home,ml,0,ANY,
    ml.reg,'=Regression,"Fits lines,
    ""and"" more",ml,1,NONE,"ESCO|https://esco.example.org/1
    O*NET|https://onet.example.org/2"
    "#);
    let before = events(&machine).await;
    assert_snapshot!(outcome(&import(&root, table(&out)).await), @"SUCCEEDED 0 0 3 0");
    assert_snapshot!(outcome(&import(&root, table(TABLE)).await), @"SUCCEEDED 0 0 3 0");
    assert_eq!(events(&machine).await, before);
    assert!(competencies(&root, &job["frameworkId"]).await == all);

    // As spreadsheets of some countries write it: a mark in front, and semicolons. What is absent is left, or goes.
    let less = "\u{feff}Code;Name;ParentCode\r\nml;ML;\r\nml.reg;=Regression;ml\r\n";
    let job = import(&root, table(less)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 2 0 1");
    let all = competencies(&root, &job["frameworkId"]).await;
    assert_eq!((&all["ml"]["name"], &all["ml"]["rule"], all.len()), (&json!("ML"), &json!("ALL"), 2));
}

async fn what_is_used_anywhere_stays(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, ada, kim) = (acme.admin("root").await, acme.learner("ada").await, acme.coach("kim").await);
    let job = import(&root, table("code,name\na,A\nb,B\nc,C\n")).await;
    let framework = job["frameworkId"].as_str().unwrap();
    let all = competencies(&root, &job["frameworkId"]).await;
    let template = kim.create("LearningPlanTemplate", json!({ "title": "Onboarding" })).await.id();
    let asks = json!({ "templateId": template, "competencyId": all["a"]["id"] });
    let asked = kim.create("LearningPlanTemplateItem", asks).await.id();
    let before = json!({ "title": "A degree", "competencyIds": [all["b"]["id"]] });
    let before = ada.create("PriorLearning", before).await.id();
    let job = import(&root, table("code,name\nd,D\n")).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 0 2 1 warnings:  COMPETENCY_KEPT,  COMPETENCY_KEPT");
    let left = competencies(&root, &job["frameworkId"]).await;
    assert_snapshot!(left.keys().cloned().collect::<Vec<_>>().join(" "), @"a b d");
    kim.tell("LearningPlanTemplateItem", "delete", &asked).await.done();
    assert_snapshot!(root.tell("CompetencyFramework", "delete", framework).await.said(), @"FRAMEWORK_IN_USE");
    ada.see("PriorLearning", &before).await.done();
}

async fn what_is_wrong_is_told_by_its_line(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    for (csv, told) in [
        ("code\na\n", "1:/name BAD_INPUT"),
        ("code,name\n", "1: BAD_INPUT"),
        ("code,name\na,\"A\nb,B\n", " BAD_INPUT"),
        ("code,name,colour\na,A,red\n", "1:/colour BAD_INPUT"),
        ("code,name\na,A\nb\n,C\n", "3: BAD_INPUT, 4:/code BAD_INPUT"),
        ("code,name\na,A\na,B\n", "2:/code ALREADY_EXISTS"),
        ("code,name\nno blanks,A\nb,B\n", "2:/code VALIDATION_FAILED"),
        ("code,name,parentCode\na,A,b\nb,B,a\nc,C,d\n", "4:/parentCode REFERENCE_UNKNOWN"),
        (
            "code,name,parentCode\na,A,b\nb,B,a\nc,C,\n",
            "2:/parentCode COMPETENCY_CYCLE, 3:/parentCode COMPETENCY_CYCLE",
        ),
        (
            "code,name,sortOrder,rule,alignments\na,A,x,SOME,here\nb,B,-1,,x|ftp://y\n",
            "2:/sortOrder BAD_INPUT, 2:/rule BAD_INPUT, 2:/alignments BAD_INPUT",
        ),
        (
            "code,name,sortOrder,alignments\nb,B,-1,x|ftp://y\n",
            "2:/sortOrder VALIDATION_FAILED, 2:/alignments VALIDATION_FAILED",
        ),
    ] {
        let job = import(&root, table(csv)).await;
        assert_eq!(outcome(&job), format!("FAILED 0 0 0 0 errors: {told}"), "{csv}");
    }
    // Many errors are counted, and some are told.
    let many = format!("code,name\n{}", "no blanks,A\n".repeat(1500));
    let job = import(&root, table(&many)).await;
    assert_eq!(
        (&job["errorCount"], job["errors"].as_array().unwrap().len(), &job["done"]),
        (&json!(1500), 200, &json!(1500))
    );
    assert_snapshot!(root.list("CompetencyFramework", &[("shortName", "own")]).await.items.len(), @"0");
}

async fn a_table_needs_its_framework(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let csv = "code,name\na,A\n";
    let job = import(&root, json!({ "kind": "FRAMEWORK_CSV", "csv": csv })).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: /shortName FRAMEWORK_REQUIRED");
    let nowhere = crate::harness::world::nothing("cfw");
    let job = import(&root, json!({ "kind": "FRAMEWORK_CSV", "csv": csv, "frameworkId": nowhere })).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: /frameworkId REFERENCE_UNKNOWN");
    let (framework, _) = root.framework("there").await;
    let job = import(&root, json!({ "kind": "FRAMEWORK_CSV", "csv": csv, "frameworkId": framework })).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 0 0 3");
    // Another organization's is none.
    let eve = api.organization("Beta").await.admin("eve").await;
    let job = import(&eve, json!({ "kind": "FRAMEWORK_CSV", "csv": csv, "frameworkId": framework })).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: /frameworkId REFERENCE_UNKNOWN");
}
