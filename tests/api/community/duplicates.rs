//! Two people stay two, and one company stays one (§31).

use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{KIND, import, outcome, work},
};

stories_in_both_faces!(
    two_people_of_one_name_stay_two,
    two_people_of_one_office_stay_two,
    whoever_is_known_is_told_of,
    two_imports_make_one_company
);

fn table(text: &str, preview: bool) -> Value {
    json!({ "kind": "CONTACTS_CSV", "csv": text, "preview": preview })
}

/// What became of the rows, and what each looks like.
async fn rows(who: &Actor, job: &Value) -> Vec<(String, String, Value)> {
    let told = who.ask("importRows", json!({ "importId": job["id"] })).await.done();
    let word = |row: &Value, name: &str| row[name].as_str().unwrap_or("-").to_owned();
    let rows = told["rows"].as_array().unwrap().iter();
    rows.map(|row| (word(row, "name"), word(row, "outcome"), row["possibleDuplicateId"].clone())).collect()
}

fn row(name: &str, outcome: &str, like: Value) -> (String, String, Value) {
    (name.to_owned(), outcome.to_owned(), like)
}

async fn two_people_of_one_name_stay_two(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let known = json!({ "name": "Anna Müller", "email": "anna@grid.example" });
    let known = ada.create("Contact", known).await.id();
    let text = "name,email,phone,note\nanna  müller,anna@shop.example,+43 1 999,Met in Graz.\nAnna Müller,anna@mill.example,,\n";
    // The preview says so, of those that are not there yet without an id.
    let preview = import(&ada, table(text, true)).await;
    assert_snapshot!(outcome(&preview), @"SUCCEEDED 2 0 0 0 warnings: 2: POSSIBLE_DUPLICATE, 3: POSSIBLE_DUPLICATE");
    let like = rows(&ada, &preview).await;
    assert_eq!(like[0], row("anna  müller", "CREATE", json!(known)));
    assert_eq!(like[1], row("Anna Müller", "CREATE", json!(known)));
    import(&ada, table(text, false)).await;
    let all = ada.list("Contact", &[("sort", "createdAt")]).await.items;
    let mut told: Vec<_> = all.iter().map(|one| (one["email"].as_str().unwrap(), one["note"].as_str())).collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [("anna@grid.example", None), ("anna@mill.example", None), ("anna@shop.example", Some("Met in Graz."))]
    );
    // The same again is nobody new.
    let again = import(&ada, table(text, false)).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 0 0 2 0");
    // Whoever knows better says so: by the id, it is filled in.
    let one = format!("name,email,phone,id\nAnna Müller,anna@elsewhere.example,+43 7,{known}\n");
    let chosen = import(&ada, table(&one, false)).await;
    assert_snapshot!(outcome(&chosen), @"SUCCEEDED 0 1 0 0");
    let seen = ada.see("Contact", &known).await.done();
    assert_eq!((&seen["phone"], &seen["email"]), (&json!("+43 7"), &json!("anna@grid.example")));
    // Without an address, the number tells people apart; with neither, nothing does.
    let phones = "name,phone\nOlu,+43 1 1\nOlu,+43 1 2\nOlu,(+43) 11\nOlu,\n";
    let job = import(&ada, table(phones, false)).await;
    let outcomes: Vec<_> = rows(&ada, &job).await.into_iter().map(|(_, outcome, _)| outcome).collect();
    assert_eq!(outcomes, ["CREATE", "CREATE", "DUPLICATE", "DUPLICATE"]);
}

async fn two_people_of_one_office_stay_two(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let cards = ["Noor Haddad", "Olu Ade"]
        .map(|name| format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nEMAIL:office@grid.example\r\nEND:VCARD\r\n"));
    let job = import(&ada, json!({ "kind": "CONTACTS_VCARD", "vcard": cards.concat() })).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 2 0 0 0 warnings: 6: POSSIBLE_DUPLICATE");
    let all = ada.list("Contact", &[("sort", "name")]).await.items;
    let told: Vec<_> = all.iter().map(|one| (one["name"].clone(), one["email"].clone())).collect();
    let office = json!("office@grid.example");
    assert_eq!(told, [(json!("Noor Haddad"), office.clone()), (json!("Olu Ade"), office)]);
    assert_eq!(rows(&ada, &job).await[1], row("Olu Ade", "CREATE", all[0]["id"].clone()));
}

async fn whoever_is_known_is_told_of(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let first = ada.create("Company", json!({ "name": "Windy Grid" })).await.done();
    assert_eq!(first["warnings"], json!([]));
    let second = ben.create("Company", json!({ "name": "windy  GRID" })).await.done();
    let warning = &second["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["details"]["companyId"]),
        (&json!("COMPANY_KNOWN"), &first["id"]),
        "it is made, for two companies may be called alike"
    );
    assert_eq!(
        api.organization("Beta")
            .await
            .learner("eve")
            .await
            .create("Company", json!({ "name": "Windy Grid" }))
            .await
            .done()["warnings"],
        json!([])
    );
    let noor = ada.create("Contact", json!({ "name": "Noor", "email": "Noor@grid.example" })).await.done();
    let again = json!({ "name": "N. Haddad", "email": "noor@GRID.example" });
    let told = ada.create("Contact", again.clone()).await.done();
    let warning = &told["warnings"][0];
    assert_eq!((&warning["code"], &warning["details"]["contactId"]), (&json!("CONTACT_KNOWN"), &noor["id"]));
    assert_eq!(ben.create("Contact", again).await.done()["warnings"], json!([]), "whom others know is theirs");
}

async fn two_imports_make_one_company(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let another = api.another(&[]).await;
    let text = "name,company\nNoor,Windy Grid\n";
    let jobs = [ada.create(KIND, table(text, false)).await.id(), ben.create(KIND, table(text, false)).await.id()];
    tokio::join!(work(&api), work(&another));
    work(&api).await;
    for (who, job) in [&ada, &ben].into_iter().zip(&jobs) {
        assert_eq!(who.see(KIND, job).await.done()["state"], json!("SUCCEEDED"));
    }
    let companies = ada.list("Company", &[]).await.items;
    assert_eq!(companies.len(), 1, "{companies:?}");
}
