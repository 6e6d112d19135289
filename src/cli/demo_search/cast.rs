//! Who is in the story: companies, and the people whom Lena knows there. Contacts grow by being in touch.

use chrono::{
    DateTime, Utc,
    Weekday::{Fri, Mon, Sat, Thu, Tue, Wed},
};
use serde_json::{Value, json};

use super::Story;
use crate::{
    cli::{
        Outcome,
        demo_data::{People, on},
    },
    domain::{caller::Caller, clock},
};

/// Where people work.
pub(super) struct Companies {
    /// A bank for payments.
    pub(super) quantfield: String,
    /// An insurance that grew out of a bank.
    pub(super) danube: String,
    /// Books of account, on the web.
    pub(super) ledger: String,
    /// Forecasts for harbours: a start-up.
    pub(super) tidewise: String,
    /// Maps.
    pub(super) maps: String,
    /// Robots that sort.
    pub(super) kestrel: String,
    /// Chatty software.
    pub(super) parlando: String,
    /// Buses and trams.
    pub(super) office: String,
    /// Lena's own bank.
    pub(super) alpenrand: String,
}

/// Whom Lena knows.
pub(super) struct Cast {
    pub(super) at: Companies,
    /// Makes maps, and cleans data.
    pub(super) tomasz: String,
    /// A colleague of before, who builds models for claims.
    pub(super) amara: String,
    /// Would lead her.
    pub(super) ruth: String,
    /// Learns beside her, and works at Quantfield.
    pub(super) priya: String,
    /// She herself.
    pub(super) asked: Caller,
    /// Works there, too.
    pub(super) jonas: String,
    /// Finds people for others.
    pub(super) elif: String,
    /// Writes software for harbours.
    pub(super) henrik: String,
    /// Where people talk about data in the evening.
    pub(super) evenings: String,
}

impl Companies {
    async fn named(story: &Story<'_>) -> Outcome<Self> {
        let name = async |name: &str, industry: &str, about: &str| {
            let new = json!({ "name": name, "industry": industry, "description": about });
            story.add(on(12, Wed, 16), "Company", new).await
        };
        Ok(Self {
            quantfield: name("Quantfield", "Fintech", "Payments, and who should not get them.").await?,
            danube: name("Danube Mutual", "Finance", "A savings bank with an insurance, two hundred years old.")
                .await?,
            ledger: name("Brightledger", "Software", "Books of account for small firms, on the web.").await?,
            tidewise: name("Tidewise", "Software", "When ships come in, for twelve harbours. Fourteen people.").await?,
            maps: name("Cartographica", "Software", "Maps for walkers, drivers and machines.").await?,
            kestrel: name("Kestrel Robotics", "Manufacturing", "Arms that sort parcels.").await?,
            parlando: name("Parlando", "Software", "Answers to customers, written by machines.").await?,
            office: name("Office for Mobility", "Government", "Buses and trams of the town.").await?,
            alpenrand: name("Alpenrand Bank", "Banking", "Where Lena works.").await?,
        })
    }
}

impl Cast {
    pub(super) async fn meet(story: &Story<'_>, people: &People) -> Outcome<Self> {
        let at = Companies::named(story).await?;
        let meets = async |then: DateTime<Utc>, who: Value| story.add(then, "Contact", who).await;
        let old = |name: &str, company: &str, role: &str, how: &str| json!({ "name": name, "companyId": company, "role": role, "relationship": "Former colleague", "howMet": how, "cadenceDays": 60 });
        let amara = old(
            "Amara Diallo",
            &at.danube,
            "Machine-learning engineer",
            "We closed the books together for three years.",
        );
        let amara = meets(on(12, Wed, 17), amara).await?;
        let ingrid =
            old("Ingrid Solberg", &at.alpenrand, "Head of controlling", "My first boss. She said: learn to program.");
        let ingrid = meets(on(12, Wed, 17), ingrid).await?;
        let henrik =
            old("Henrik Sand", &at.tidewise, "Software developer", "He wrote the tools that we used at the bank.");
        let henrik = meets(on(12, Wed, 17), henrik).await?;
        let asked = people.cohort.iter().find(|peer| peer.name == "Priya").ok_or("the demo has no Priya")?;
        let priya = json!({
            "name": "Priya", "userEmail": asked.email, "companyId": at.quantfield, "role": "Data engineer",
            "relationship": "Learns here, too", "howMet": "We do the first ten weeks together.",
        });
        let priya = meets(on(10, Fri, 17), priya).await?;
        let evenings = json!({ "name": "Data evenings", "kind": "MEETUP", "url": "https://example.org/data-evenings" });
        let evenings = story.add(on(11, Wed, 20), "Community", evenings).await?;
        let (tomasz, jonas, elif) = evening(story, &at).await?;
        let ruth = json!({ "name": "Ruth Adler", "companyId": at.danube, "role": "Head of claims models", "howMet": "She led the first talk there." });
        let ruth = meets(on(7, Thu, 16), ruth).await?;
        let cast = Self { at, tomasz, amara, ruth, priya, asked: asked.caller.clone(), jonas, elif, henrik, evenings };
        cast.keep_in_touch(story, &ingrid).await?;
        Ok(cast)
    }

    /// When they were in touch, but for what talks bring with them.
    async fn keep_in_touch(&self, story: &Story<'_>, ingrid: &str) -> Outcome {
        for (then, contact, kind, note) in [
            (
                on(12, Thu, 12),
                ingrid,
                "MEETING",
                "Lunch. She thinks that claims and fraud need people who can read a balance sheet.",
            ),
            (on(9, Mon, 9), &self.amara, "MESSAGE", "Wrote her what I learn, and asked for twenty minutes."),
            (on(8, Sat, 10), &self.jonas, "EMAIL", "Sent him the paper that we talked about."),
            (
                on(4, Mon, 8),
                &self.elif,
                "CALL",
                "She knows a start-up for harbours that looks for somebody who likes numbers.",
            ),
            (
                on(4, Wed, 18),
                &self.jonas,
                "EVENT",
                "Second data evening: he spoke about features, I about balance sheets.",
            ),
            (
                on(3, Fri, 14),
                &self.amara,
                "MEETING",
                "Coffee after the talk. She has asked for somebody like me since spring.",
            ),
            (on(2, Tue, 18), &self.priya, "MEETING", "Coffee. She was ill that week, and sorry."),
            (on(1, Tue, 11), &self.henrik, "MESSAGE", "Told him of the offer; he has time next week."),
        ] {
            let log = json!({ "contactId": contact, "kind": kind, "note": note, "occurredAt": clock::rfc3339(then) });
            story.add(then, "Interaction", log).await?;
        }
        Ok(())
    }
}

/// Whom she met on one evening.
async fn evening(story: &Story<'_>, at: &Companies) -> Outcome<(String, String, String)> {
    let then = on(11, Wed, 20);
    let met = async |name: &str, company: &str, role: &str, cadence: i64| {
        let new = json!({
            "name": name, "companyId": company, "role": role, "howMet": "At a data evening", "cadenceDays": cadence,
            "lastInteractionAt": clock::rfc3339(then),
        });
        story.add(then, "Contact", new).await
    };
    let tomasz = met("Tomasz Zielinski", &at.maps, "Applied scientist", 90).await?;
    let jonas = met("Jonas Weidt", &at.quantfield, "ML engineer", 60).await?;
    let elif = json!({ "name": "Elif Kaya", "role": "Recruiter", "howMet": "At a data evening", "cadenceDays": 45 });
    Ok((tomasz, jonas, story.add(then, "Contact", elif).await?))
}
