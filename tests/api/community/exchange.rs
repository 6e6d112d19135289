//! Address books in and out: vCards and tables, with a preview that writes nothing (§31).

use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, assert_snapshot, face::id, stories_in_both_faces},
    learning::exchange::{KIND, import, outcome, work},
};

stories_in_both_faces!(
    a_preview_writes_nothing,
    what_is_there_is_filled_in_and_never_overwritten,
    a_table_comes_with_a_mapping,
    one_wrong_row_refuses_all,
    what_goes_out_is_found_again,
    a_company_comes_with_who_is_there,
    whose_rows_these_are,
    hostile_files_are_refused,
    one_odd_value_is_left_out_by_itself,
    what_is_too_much_for_a_file_is_said
);

fn cards(version: &str, cards: &[&str]) -> String {
    cards.iter().map(|lines| format!("BEGIN:VCARD\r\nVERSION:{version}\r\n{lines}\r\nEND:VCARD\r\n")).collect()
}

fn vcard(text: &str, preview: bool) -> Value {
    json!({ "kind": "CONTACTS_VCARD", "vcard": text, "preview": preview })
}

fn table(text: &str) -> Value {
    json!({ "kind": "CONTACTS_CSV", "csv": text })
}

/// The rows of an import, in a line each: `1 Noor CREATE`.
async fn rows(who: &Actor, job: &Value) -> Vec<String> {
    let told = who.ask("importRows", json!({ "importId": job["id"] })).await.done();
    assert_eq!(told["preview"], job["preview"]);
    let line = |row: &Value| {
        let by = row["matchedBy"].as_str().map(|by| format!(" by {by}")).unwrap_or_default();
        let fills = row["fills"]
            .as_array()
            .map(|fills| format!(" fills {}", fills.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")));
        let fills = fills.unwrap_or_default();
        format!("{} {} {}{by}{fills}", row["line"], row["name"].as_str().unwrap(), row["outcome"].as_str().unwrap())
    };
    told["rows"].as_array().unwrap().iter().map(line).collect()
}

async fn names(who: &Actor) -> Vec<Value> {
    who.list("Contact", &[("sort", "name")]).await.each("name")
}

async fn a_preview_writes_nothing(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = json!({ "name": "noor haddad", "email": "noor@grid.example" });
    let noor = ada.create("Contact", noor).await.id();
    let text = cards(
        "4.0",
        &[
            "FN:Noor Haddad\r\nEMAIL:NOOR@grid.example\r\nORG:Windy Grid\r\nUID:urn:uuid:1",
            "FN:Olu Ade\r\nORG:Windy Grid",
            "FN:olu  ade\r\nORG:windy grid\r\nTEL:+43 1 234",
        ],
    );
    let before = ada.list("Event", &[("count", "true")]).await.total;
    let job = import(&ada, vcard(&text, true)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 1 1 0 warnings: 1:/company COMPANY_ADDED");
    assert_eq!(
        rows(&ada, &job).await,
        [
            "1 noor haddad FILL by EMAIL fills companyId externalRefs",
            "8 Olu Ade CREATE",
            "13 Olu Ade DUPLICATE by NAME_AND_COMPANY fills phone"
        ]
    );
    assert_eq!(names(&ada).await, ["noor haddad"]);
    assert_eq!(ada.list("Company", &[]).await.items.len(), 0);
    let after = ada.list("Event", &[("count", "true")]).await.total;
    assert_eq!(after.as_i64().unwrap() - before.as_i64().unwrap(), 2, "the job alone tells of itself");
    // The same, for good.
    let job = import(&ada, vcard(&text, false)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 1 1 0 warnings: 1:/company COMPANY_ADDED");
    assert_eq!(names(&ada).await, ["Olu Ade", "noor haddad"]);
    let companies = ada.list("Company", &[]).await.items;
    assert_eq!((companies.len(), &companies[0]["name"]), (1, &json!("Windy Grid")));
    let seen = ada.see("Contact", &noor).await.done();
    assert_eq!((&seen["companyId"], &seen["email"]), (&companies[0]["id"], &json!("noor@grid.example")));
    assert_eq!(seen["externalRefs"], json!([{ "source": "vcard", "externalId": "urn:uuid:1" }]));
    let olu = ada.list("Contact", &[("q", "olu")]).await.items.remove(0);
    assert_eq!(olu["phone"], "+43 1 234");
    // And once more: nothing is new, and nothing happens.
    let events = ada.list("Event", &[("count", "true")]).await.total.as_i64().unwrap();
    let job = import(&ada, vcard(&text, false)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 0 3 0");
    assert_eq!(ada.list("Event", &[("count", "true")]).await.total.as_i64().unwrap() - events, 2);
}

async fn what_is_there_is_filled_in_and_never_overwritten(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let noor =
        json!({ "name": "Noor", "role": "Dispatcher", "externalRefs": [{ "source": "crm", "externalId": "7" }] });
    let noor = ada.create("Contact", noor).await.id();
    let text = "name,role,email,externalId,externalSource\nN. Haddad,Head,noor@grid.example,7,crm\n";
    let job = import(&ada, table(text)).await;
    assert_eq!(rows(&ada, &job).await, ["2 Noor FILL by EXTERNAL_REF fills email"]);
    let seen = ada.see("Contact", &noor).await.done();
    assert_eq!(
        (&seen["name"], &seen["role"], &seen["email"]),
        (&json!("Noor"), &json!("Dispatcher"), &json!("noor@grid.example"))
    );
    // A name that another's contact has is ben's as well.
    let job = import(&ben, table(text)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 0 0 0");
    let names = json!([{ "source": "crm", "externalId": "7" }]);
    assert_eq!(ben.list("Contact", &[]).await.items[0]["externalRefs"], names);
    // A file's own names are its owner's alone: two people take in the same one.
    for who in [&ada, &ben] {
        let job = import(who, vcard(&cards("3.0", &["FN:Zoe\r\nUID:z"]), false)).await;
        assert_eq!(outcome(&job), "SUCCEEDED 1 0 0 0", "{}", who.name);
    }
}

async fn a_table_comes_with_a_mapping(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let text = "Full name;Mail;Firm;Fax;Every\r\n\"Haddad, Noor\";noor@grid.example;Windy Grid;1;30\r\n";
    let mapping = json!([
        { "column": "Full name", "field": "name" }, { "column": "Mail", "field": "email" },
        { "column": "Firm", "field": "company" }, { "column": "Every", "field": "cadenceDays" },
    ]);
    let mapped = json!({ "kind": "CONTACTS_CSV", "csv": text, "mapping": mapping, "ownerId": ada.id });
    assert_snapshot!(kim.create(KIND, mapped.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    ada.opens(&kim, &["community:write"]).await;
    let job = import(&kim, mapped).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 0 0 0 warnings: 2:/company COMPANY_ADDED");
    let seen = ada.list("Contact", &[]).await.items.remove(0);
    assert_eq!(
        (&seen["name"], &seen["cadenceDays"], &seen["ownerId"]),
        (&json!("Haddad, Noor"), &json!(30), &json!(ada.id))
    );
    let wrong = json!({ "kind": "CONTACTS_CSV", "csv": text, "mapping": [{ "column": "Nome", "field": "called" }] });
    assert_snapshot!(outcome(&import(&ada, wrong).await), @"FAILED 0 0 0 0 errors: /mapping/0/column BAD_INPUT, /mapping/0/field BAD_INPUT");
    let misplaced = json!({ "kind": "CONTACTS_VCARD", "vcard": "x", "mapping": [{ "column": "a", "field": "name" }] });
    assert_snapshot!(ada.create(KIND, misplaced).await.said(), @"IMPORT_OPTION_FORBIDDEN /mapping");
    let plan = json!({ "kind": "LEARNING_PLAN", "document": {}, "preview": true });
    assert_snapshot!(ada.create(KIND, plan).await.said(), @"IMPORT_OPTION_FORBIDDEN /preview");
    assert_snapshot!(ada.create(KIND, json!({ "kind": "CONTACTS_VCARD" })).await.said(), @"DOCUMENT_REQUIRED /vcard");
}

async fn one_wrong_row_refuses_all(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let text = "name,email,cadenceDays,lastInteractionAt\nNoor,,30,\n,a@b.example,,\nZoe,,,2999-01-01T00:00:00Z\n";
    let job = import(&ada, table(text)).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: 3:/name BAD_INPUT");
    assert!(rows(&ada, &job).await.is_empty() && names(&ada).await.is_empty());
    let job = import(&ada, table("name,lastInteractionAt\nNoor,\nZoe,2999-01-01T00:00:00Z\n")).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: 3:/lastInteractionAt OCCURRED_AT_INVALID");
    assert!(names(&ada).await.is_empty());
}

async fn what_goes_out_is_found_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let company = ada.create("Company", json!({ "name": "Windy; Grid" })).await.id();
    let noor = json!({
        "name": "=Noor \"H\"", "companyId": company, "email": "noor@grid.example", "url": "https://noor.example/a", "cadenceDays": 30,
        "note": "One,\ntwo; three.", "relationship": "Mentor", "lastInteractionAt": "2026-03-01T10:00:00Z", "phone": "+43",
    });
    ada.create("Contact", noor).await.done();
    ada.create("Contact", json!({ "name": "Größe 機 \u{1F600}" })).await.done();
    let told = ada.ask("contactsExport", json!({})).await.done();
    let shown = &told["contacts"][0];
    assert_eq!((&shown["company"], &shown["email"]), (&json!("Windy; Grid"), &json!("noor@grid.example")));
    let text = ada.ask_for("vcard", "contactsExport", json!({})).await;
    assert!(text.split("\r\n").all(|line| line.len() <= 75) && text.contains("ORG:Windy\\; Grid\r\n"), "{text}");
    let sheet = ada.ask_for("csv", "contactsExport", json!({ "companyId": company })).await;
    assert!(sheet.contains("'=Noor") && sheet.contains(",'+43,"), "no cell is a formula: {sheet}");
    let version = |contacts: &[Value]| contacts.iter().map(|one| one["version"].clone()).collect::<Vec<_>>();
    let before = version(&ada.list("Contact", &[]).await.items);
    for (form, expected) in [(vcard(&text, false), 2), (table(&sheet), 1)] {
        let job = import(&ada, form).await;
        assert_eq!(outcome(&job), format!("SUCCEEDED 0 0 {expected} 0"));
        assert!(rows(&ada, &job).await.iter().all(|row| row.ends_with("SAME by ID")));
    }
    assert_eq!(version(&ada.list("Contact", &[]).await.items), before);
    // Elsewhere they are new, with everything that was said.
    let eve = api.organization("Beta").await.learner("eve").await;
    assert_eq!(
        outcome(&import(&eve, vcard(&text, false)).await),
        "SUCCEEDED 2 0 0 0 warnings: 1:/company COMPANY_ADDED"
    );
    let there = eve.list("Contact", &[("q", "noor")]).await.items.remove(0);
    for member in ["name", "note", "url", "phone", "relationship", "cadenceDays", "lastInteractionAt", "email"] {
        assert_eq!(there[member], ada.list("Contact", &[("q", "noor")]).await.items[0][member], "{member}");
    }
}

/// A row that changes nothing adds no company for everybody.
async fn a_company_comes_with_who_is_there(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let old = ada.create("Company", json!({ "name": "Old Corp" })).await.id();
    let stays = json!({ "name": "Stays", "email": "stays@x.example", "companyId": old });
    let stays = ada.create("Contact", stays).await.id();
    let companies = async || ada.list("Company", &[("sort", "name")]).await.each("name");
    let job = import(&ada, table("name,email,company\nStays,stays@x.example,Brand New Corp Of Nobody\n")).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 0 1 0");
    assert_eq!(rows(&ada, &job).await, ["2 Stays SAME by EMAIL"]);
    let seen = ada.see("Contact", &stays).await.done();
    assert_eq!((&seen["companyId"], &seen["version"]), (&json!(old), &json!(1)));
    assert_eq!(companies().await, ["Old Corp"]);
    // Of two rows of a file about one person, the second adds none either; who is nowhere yet is there now.
    let nowhere = json!({ "name": "Nowhere", "email": "n@x.example" });
    let nowhere = ada.create("Contact", nowhere).await.id();
    let text = "name,email,company\nNew,new@x.example,First Corp\nNew,new@x.example,Other Corp\nNowhere,n@x.example,Third Corp\n";
    let job = import(&ada, table(text)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 1 1 0 warnings: 2:/company COMPANY_ADDED, 4:/company COMPANY_ADDED");
    assert_eq!(companies().await, ["First Corp", "Old Corp", "Third Corp"]);
    assert!(ada.see("Contact", &nowhere).await.done()["companyId"].is_string());
    // A deleted company does not come back with what one wrote oneself.
    let text = ada.ask_for("vcard", "contactsExport", json!({})).await;
    root.tell("Company", "delete", &old).await.done();
    for text in [text, ada.ask_for("vcard", "contactsExport", json!({})).await] {
        assert_eq!(outcome(&import(&ada, vcard(&text, false)).await), "SUCCEEDED 0 0 3 0");
    }
    assert_eq!(companies().await, ["First Corp", "Third Corp"]);
}

async fn whose_rows_these_are(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let job = import(&ada, vcard(&cards("3.0", &["FN:Noor"]), false)).await;
    ada.opens(&kim, &["community:write"]).await;
    for who in [&kim, &root, &machine, &api.organization("Beta").await.admin("eve").await] {
        let asked = json!({ "importId": job["id"] });
        let said = who.ask("importRows", asked).await.said();
        assert!(["NOT_FOUND", "FORBIDDEN"].contains(&said.as_str()), "{} {said}", who.name);
    }
    assert_snapshot!(machine.create(KIND, vcard("x", false)).await.said(), @"OWNER_REQUIRED /ownerId");
    let job = ada.create(KIND, vcard(&cards("3.0", &["FN:Olu"]), false)).await.done();
    assert_eq!(ada.ask("importRows", json!({ "importId": id(&job) })).await.done()["rows"], json!([]));
    work(&api).await;
}

async fn hostile_files_are_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    assert_snapshot!(ada.create(KIND, vcard("BEGIN:VCARD\u{0}", false)).await.said(), @"VALIDATION_FAILED /vcard");
    for text in ["a\u{0}", "a\u{1b}b", "\u{7}"] {
        assert_snapshot!(ada.create(KIND, table(text)).await.said(), @"VALIDATION_FAILED /csv");
    }
    for (input, expected) in [
        (vcard(&cards("2.1", &["FN:Noor"]), false), "1: BAD_INPUT"),
        (vcard(&cards("3.0", &["FN;ENCODING=QUOTED-PRINTABLE:N=C3=B6"]), false), "3:/FN BAD_INPUT"),
        (vcard("BEGIN:VCARD\nVERSION:3.0\nFN:Noor", true), "1: BAD_INPUT"),
        (vcard(&cards("4.0", &["FN:N\r\nTEL;TYPE=\"cell:1"]), false), "4: BAD_INPUT"),
        (vcard(&cards("4.0", &[&format!("FN:{}", "N".repeat(100_000))]), false), "1:/name VALIDATION_FAILED"),
        (table("name,note\n\"Noor,x\n"), " BAD_INPUT"),
        (table("name\nNoor,x,y\n"), "2: BAD_INPUT"),
        (table("name,name\nNoor,x\n"), "1:/name BAD_INPUT"),
        (table(&format!("name\n{}", "N\n".repeat(10_001))), " TOO_LARGE"),
    ] {
        let job = import(&ada, input).await;
        assert_eq!(outcome(&job), format!("FAILED 0 0 0 0 errors: {expected}"));
    }
    assert!(names(&ada).await.is_empty());
    // A cell that a spreadsheet would run is a text here, and stays one on its way out.
    import(&ada, table("name,note\n@SUM(1),\"=HYPERLINK(\"\"x\"\")\"\n")).await;
    let sheet = ada.ask_for("csv", "contactsExport", json!({})).await;
    assert!(sheet.contains("'@SUM(1)") && sheet.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{sheet}");
}

async fn one_odd_value_is_left_out_by_itself(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let text = cards(
        "3.0",
        &[
            &format!("FN:Noor\r\nTEL:{}\r\nURL:ftp://noor.example\r\nEMAIL:nowhere", "1".repeat(60)),
            &format!(
                "FN:Olu\r\nX_FOO:1\r\nPHOTO;ENCODING=b:{}\r\nEMAIL;VALUE=uri:mailto:olu@b.example",
                "A".repeat(100)
            ),
            "ORG:Windy Grid",
            "X-ADDRESSBOOKSERVER-KIND:group\r\nFN:Friends",
            "FN:Zoe\r\nNOTE:One\u{b}two\r\nEMAIL;PREF=2:zoe@b.example\r\nEMAIL;PREF=1:zoe@a.example",
        ],
    );
    let job = import(&ada, vcard(&text, false)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 3 0 0 0 warnings: 15: NO_PERSON, 19: NO_PERSON, 28:/EMAIL VALUE_LEFT_OUT, 6:/email VALUE_LEFT_OUT, 4:/phone VALUE_LEFT_OUT, 5:/url VALUE_LEFT_OUT");
    let all = ada.list("Contact", &[("sort", "name")]).await.items;
    let told: Vec<_> = all.iter().map(|one| (one["name"].as_str().unwrap(), one["email"].as_str())).collect();
    assert_eq!(told, [("Noor", None), ("Olu", Some("olu@b.example")), ("Zoe", Some("zoe@a.example"))]);
    assert_eq!(all[2]["note"], json!("One two"));
    // So it is in a table, and lines that hold nothing are none.
    let job = import(&ada, table("name,email,cadenceDays\n,,\nAdil,nowhere,often\n\n , ,\n")).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 1 0 0 0 warnings: 3:/cadenceDays VALUE_LEFT_OUT, 3:/email VALUE_LEFT_OUT");
}

async fn what_is_too_much_for_a_file_is_said(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let lines: String = (0..10_000).map(|number| format!("N{number}\n")).collect();
    assert_eq!(outcome(&import(&ada, table(&format!("name\n{lines}"))).await), "SUCCEEDED 10000 0 0 0");
    // As many go out as come in.
    let whole = ada.ask_for("csv", "contactsExport", json!({})).await;
    assert_eq!(whole.lines().count(), 10_001);
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    ada.create("Contact", json!({ "name": "Noor", "companyId": company })).await.done();
    let told = ada.ask("contactsExport", json!({})).await.done();
    assert_eq!((&told["total"], &told["truncated"]), (&json!(10_001), &json!(true)));
    assert_eq!(told["contacts"].as_array().unwrap().len(), 10_000);
    for form in ["csv", "vcard"] {
        assert_snapshot!(ada.refuses(form, "contactsExport", json!({})).await, @"EXPORT_TOO_LARGE");
    }
    let few = ada.ask("contactsExport", json!({ "companyId": company })).await.done();
    assert_eq!((&few["total"], &few["truncated"]), (&json!(1), &json!(false)));
}
