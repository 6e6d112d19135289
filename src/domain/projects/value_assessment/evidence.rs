//! Who says how much a candidate is worth: contacts, who are known by their names when they are gone (§9, §31).

use std::collections::HashMap;

use entity::{community::contact, id::ContactId, projects::value_assessment::ValueEvidence};

use crate::domain::{
    error::{Code, Error, FieldError, Result},
    policy::Action,
    tx::Tx,
};

/// What contacts are called, as far as it is known.
type Names = HashMap<ContactId, Option<String>>;

/// The evidence with the names of the contacts in it. Those who are named anew since `was` are some whom the caller may
/// see: all of them are looked up at once.
///
/// # Errors
/// `REFERENCE_UNKNOWN` with every place that names nobody; `INSUFFICIENT_SCOPE`.
pub(super) async fn told_by(tx: &Tx, told: Vec<ValueEvidence>, was: &[ValueEvidence]) -> Result<Vec<ValueEvidence>> {
    let mut names: Names = was.iter().filter_map(|one| Some((one.contact_id?, one.expert.clone()))).collect();
    let new: Vec<ContactId> =
        told.iter().filter_map(|one| one.contact_id).filter(|id| !names.contains_key(id)).collect();
    if !new.is_empty() {
        let found = tx.find_each::<contact::Entity>(new.iter().copied(), Action::ViewContact).await?;
        names.extend(new.iter().filter_map(|&id| Some((id, Some(found.get(id).ok()?.name.clone())))));
    }
    named(told, &names)
}

/// Each with the name of its contact, unless another was said.
fn named(mut told: Vec<ValueEvidence>, names: &Names) -> Result<Vec<ValueEvidence>> {
    let is_unknown = |one: &ValueEvidence| one.contact_id.is_some_and(|id| !names.contains_key(&id));
    let unknown: Vec<FieldError> = told
        .iter()
        .enumerate()
        .filter(|(_, one)| is_unknown(one))
        .map(|(place, _)| {
            let pointer = format!("/evidence/{place}/contactId");
            FieldError::new(pointer, Code::ReferenceUnknown.as_str(), "There is no such contact.")
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Error::fields(Code::ReferenceUnknown, unknown));
    }
    for one in &mut told {
        if one.expert.is_none() {
            one.expert = one.contact_id.and_then(|id| names.get(&id).cloned().flatten());
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;
    use entity::projects::value_assessment::ValueEvidenceKind;

    fn by(contact: Option<ContactId>, expert: Option<&str>) -> ValueEvidence {
        ValueEvidence {
            kind: ValueEvidenceKind::DomainExpert,
            contact_id: contact,
            expert: expert.map(str::to_owned),
            finding: "x".to_owned(),
        }
    }

    #[test]
    fn a_contact_is_called_what_they_are_called_unless_it_is_said() {
        let (noor, olu, eve): (ContactId, ContactId, ContactId) = (clock::new_id(), clock::new_id(), clock::new_id());
        let names = Names::from([(noor, Some("Noor".to_owned())), (olu, None)]);
        let told =
            vec![by(Some(noor), None), by(Some(noor), Some("N.")), by(Some(olu), None), by(None, Some("A voice"))];
        let experts = |told: Vec<ValueEvidence>| told.into_iter().map(|one| one.expert).collect::<Vec<_>>();
        let called = |name: &str| Some(name.to_owned());
        assert_eq!(experts(named(told, &names).unwrap()), [called("Noor"), called("N."), None, called("A voice")]);
        let refused = named(vec![by(Some(eve), None), by(Some(noor), None), by(Some(eve), Some("E."))], &names);
        let fields: Vec<_> = refused.unwrap_err().field_errors().iter().map(|one| one.pointer.clone()).collect();
        assert_eq!(fields, ["/evidence/0/contactId", "/evidence/2/contactId"]);
    }
}
