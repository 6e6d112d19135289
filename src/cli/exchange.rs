//! `cairn import` and `cairn export`: documents in and out, as the operator of an organization.

use std::{
    io::{IsTerminal as _, Read as _, Write as _},
    sync::Arc,
    time::Duration,
};

use entity::{
    id::{ImportId, LearningPlanId, ProjectId},
    learning::{
        competency_framework,
        import_job::{self, ImportKind, ImportNote, ImportState},
    },
    platform::organization::Model as Organization,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::ExprTrait as _};
use serde_json::{Value, json};

use super::{ExportCommand, ExportFormat, ImportCommand, Outcome, ProjectFormat, complain, open, say, token};
use crate::{
    config::Config,
    domain::{self, caller::Caller, learning::import_job::DOCUMENT_MAX, platform::organization, verb::Wanted},
    house::House,
    work::imports,
};

/// How often the progress is looked at.
const LOOK: Duration = Duration::from_millis(100);

/// `cairn import`.
pub(super) async fn import(config: Config, command: ImportCommand) -> Outcome {
    let (org, file) = match &command {
        ImportCommand::Case { file, framework } | ImportCommand::FrameworkCsv { file, framework, .. } => {
            (framework.org.clone(), file)
        }
        ImportCommand::Plan { file, org, .. } | ImportCommand::Project { file, org, .. } => (org.clone(), file),
    };
    let text = contents(file)?;
    open::with(config, async |house| {
        let organization = known(house, &org).await?;
        let input = input(house, &organization, command, text).await?;
        let who = open::operator(house, &organization);
        let job = begin(&who, input).await?;
        follow(house, job).await
    })
    .await
}

/// The organization, which must be there: a slip of the pen founds none.
async fn known(house: &Arc<House>, name: &str) -> Outcome<Organization> {
    let found = organization::named(&house.database.write, name).await.map_err(|error| open::told(&error))?;
    found.ok_or_else(|| format!("there is no organization {name}"))
}

fn contents(file: &str) -> Outcome<String> {
    let failed = |why: std::io::Error| format!("{file}: {why}");
    let mut text = String::new();
    let most = u64::try_from(DOCUMENT_MAX).unwrap_or(u64::MAX);
    if file == "-" {
        std::io::stdin().lock().take(most + 1).read_to_string(&mut text).map_err(failed)?;
    } else {
        std::fs::File::open(file).and_then(|file| file.take(most + 1).read_to_string(&mut text)).map_err(failed)?;
    }
    if text.len() > DOCUMENT_MAX {
        return Err(format!("{file} has more than {} MiB", DOCUMENT_MAX / 1024 / 1024));
    }
    Ok(text)
}

/// The command as the input that both faces take.
async fn input(
    house: &Arc<House>,
    organization: &Organization,
    command: ImportCommand,
    text: String,
) -> Outcome<Value> {
    let document = |text: &str| serde_json::from_str::<Value>(text).map_err(|why| format!("this is not JSON: {why}"));
    let kind =
        if matches!(command, ImportCommand::Project { .. }) { ImportKind::Project } else { ImportKind::LearningPlan };
    let mut input = match command {
        ImportCommand::Case { framework, .. } => {
            json!({ "kind": ImportKind::Case, "document": document(&text)?, "shortName": framework.short_name })
        }
        ImportCommand::FrameworkCsv { framework, title, .. } => {
            json!({ "kind": ImportKind::FrameworkCsv, "csv": text, "shortName": framework.short_name, "title": title })
        }
        ImportCommand::Plan { email, .. } | ImportCommand::Project { email, .. } => {
            let home = token::home(house, &email, Some(&organization.name)).await?;
            json!({ "kind": kind, "document": document(&text)?, "ownerId": home.membership.user_id })
        }
    };
    if let Some(members) = input.as_object_mut() {
        members.retain(|_, value| *value != Value::Null);
    }
    Ok(input)
}

/// Asks for the import by the same verb as both faces.
async fn begin(who: &Caller, input: Value) -> Outcome<ImportId> {
    let found = domain::resource("ImportJob").and_then(|of| of.verb("create").map(|verb| (of, verb)));
    let (of, verb) = found.ok_or("imports are not offered")?;
    let done = verb.run(of, who, Wanted::default(), input).await.map_err(|error| open::told(&error))?;
    done.ids.first().map(|id| ImportId(*id)).ok_or_else(|| "the import was not begun".to_owned())
}

/// Carries the import out, unless a server does already, and shows how far it is.
async fn follow(house: &Arc<House>, id: ImportId) -> Outcome {
    let work = tokio::spawn({
        let house = Arc::clone(house);
        // What could not be carried out is begun again when it has rested, until it ends.
        async move {
            loop {
                let _ = Box::pin(imports::one(&house, id)).await;
                tokio::time::sleep(LOOK).await;
            }
        }
    });
    let bar = bar();
    let job = loop {
        let job = import_job::Entity::find_by_id(id).one(&house.database.read).await;
        let job = job.map_err(|why| open::told(&why.into()))?.ok_or("the import is gone")?;
        bar.set_length(u64::try_from(job.total.unwrap_or_default()).unwrap_or_default());
        bar.set_position(u64::try_from(job.done).unwrap_or_default());
        if !matches!(job.state, ImportState::Queued | ImportState::Running) {
            break job;
        }
        if job.total == Some(job.done) {
            bar.set_message("writing");
        }
        tokio::time::sleep(LOOK).await;
    };
    bar.finish_and_clear();
    work.abort();
    ended(&job)
}

/// A bar where somebody looks at it; elsewhere nothing moves.
fn bar() -> ProgressBar {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} rows {elapsed} {msg}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    bar
}

fn ended(job: &import_job::Model) -> Outcome {
    for note in &job.warnings.0 {
        complain(&format!("warning: {}", told(note)));
    }
    for note in &job.errors.0 {
        complain(&told(note));
    }
    let name = job.framework_id.map(|id| id.to_string()).or(job.plan_id.map(|id| id.to_string()));
    let name = name.or(job.project_id.map(|id| id.to_string()));
    match job.state {
        ImportState::Succeeded => {
            say(&format!("{}  {}", job.id, name.unwrap_or_default()));
            say(&format!(
                "{} added, {} changed, {} unchanged, {} removed",
                job.added, job.changed, job.unchanged, job.removed
            ));
            Ok(())
        }
        ImportState::Cancelled => Err("the import was called off; nothing was taken in".to_owned()),
        _ => Err(format!("{} errors; nothing was taken in", job.error_count)),
    }
}

fn told(note: &ImportNote) -> String {
    let line = note.line.map(|line| format!("line {line} ")).unwrap_or_default();
    format!("{line}{} {}: {}", note.pointer, note.code, note.message).trim_start().to_owned()
}

/// `cairn export`.
pub(super) async fn export(config: Config, command: ExportCommand) -> Outcome {
    let text = open::with(config, async |house| match command {
        ExportCommand::Framework { framework, org, format } => {
            let organization = known(house, &org).await?;
            let id = named(house, &organization, &framework).await?;
            let form = match format {
                ExportFormat::Case => None,
                ExportFormat::Csv => Some("csv"),
            };
            ask(house, &organization, "competencyFrameworkExport", json!({ "frameworkId": id }), form).await
        }
        ExportCommand::Plan { plan, org } => {
            let organization = known(house, &org).await?;
            let id: LearningPlanId = plan.parse().map_err(|why| format!("{plan} {why}"))?;
            ask(house, &organization, "learningPlanExport", json!({ "planId": id }), None).await
        }
        ExportCommand::Project { project, org, format } => {
            let organization = known(house, &org).await?;
            let id: ProjectId = project.parse().map_err(|why| format!("{project} {why}"))?;
            let (name, form) = match format {
                ProjectFormat::Json => ("projectExport", None),
                ProjectFormat::Markdown => ("projectBrief", Some("markdown")),
            };
            ask(house, &organization, name, json!({ "projectId": id }), form).await
        }
    });
    let text = text.await?;
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|why| format!("it cannot be written: {why}"))
}

/// The framework of a name or an id: the organization's own before what comes with Cairn.
async fn named(house: &Arc<House>, organization: &Organization, name: &str) -> Outcome<String> {
    use competency_framework::Column::{DeletedAt, OrganizationId, ShortName};
    if name.starts_with("cfw_") {
        return Ok(name.to_owned());
    }
    let found = competency_framework::Entity::find()
        .filter(ShortName.eq(name))
        .filter(DeletedAt.is_null())
        .filter(OrganizationId.eq(organization.id).or(OrganizationId.is_null()))
        .order_by_desc(OrganizationId.is_not_null())
        .one(&house.database.read)
        .await;
    let found = found.map_err(|why| open::told(&why.into()))?;
    found.map(|row| row.id.to_string()).ok_or_else(|| format!("there is no framework {name}"))
}

/// Asks a computed answer for a document.
async fn ask(
    house: &Arc<House>,
    organization: &Organization,
    name: &str,
    input: Value,
    form: Option<&str>,
) -> Outcome<String> {
    let answer = domain::answers().iter().find(|answer| answer.name == name).ok_or("this is not offered")?;
    let value = answer.run(&open::operator(house, organization), input).await.map_err(|error| open::told(&error))?;
    if let Some(form) = form.and_then(|form| answer.forms.iter().find(|known| known.name == form)) {
        return form.write(&value).map_err(|error| open::told(&error));
    }
    let document = answer.alone.and_then(|member| value.get(member)).unwrap_or(&value);
    serde_json::to_string_pretty(document).map(|text| text + "\n").map_err(|why| why.to_string())
}
