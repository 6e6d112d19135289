//! The four stages as a table.

use super::*;
use PortfolioStage::{ClassProject, PersonalProject, RisingScope, ValueCreation};

fn of(assigned: bool, evidence: i64, valuable: i64) -> Known {
    Known { assigned, evidence, valuable, ..Known::default() }
}

/// An entry of some size after others.
fn sized(is: (Option<i64>, i64), before: (Option<i64>, Option<i64>)) -> Known {
    Known {
        complexity: is.0,
        resources: is.1,
        complexity_before: before.0,
        resources_before: before.1,
        ..of(false, 1, 1)
    }
}

#[test]
fn the_stage_follows_from_what_is_known() {
    for (known, stage) in [
        (of(true, 0, 0), ClassProject),
        (of(false, 0, 0), PersonalProject),
        // Without evidence of its own, nothing before it helps.
        (of(false, 0, 3), PersonalProject),
        (of(true, 0, 3), ClassProject),
        // An assignment may turn out to be worth something.
        (of(true, 1, 0), ValueCreation),
        (of(false, 2, 0), ValueCreation),
        // To rise takes something to rise above.
        (of(false, 1, 1), ValueCreation),
        (sized((Some(5), 4), (None, None)), ValueCreation),
        (sized((Some(4), 0), (Some(3), Some(0))), RisingScope),
        (sized((Some(3), 0), (Some(3), Some(0))), ValueCreation),
        (sized((None, 0), (Some(3), Some(0))), ValueCreation),
        (sized((Some(2), 2), (Some(3), Some(1))), RisingScope),
        (sized((Some(3), 1), (Some(3), Some(1))), ValueCreation),
        (sized((Some(5), 1), (None, Some(1))), ValueCreation),
        (sized((None, 1), (None, Some(0))), RisingScope),
        (Known { valuable: 0, ..sized((Some(5), 4), (Some(1), Some(0))) }, ValueCreation),
        (Known { evidence: 0, ..sized((Some(5), 4), (Some(1), Some(0))) }, PersonalProject),
    ] {
        let (suggested, reasons) = suggested(&known);
        assert_eq!(suggested, stage, "{known:?}");
        assert!(missing(stage, &known).is_empty() && !reasons.is_empty(), "{known:?}");
        for above in PortfolioStage::ALL.iter().filter(|above| **above > stage && **above > PersonalProject) {
            assert!(!missing(*above, &known).is_empty(), "{known:?} could be {above}");
        }
    }
}

#[test]
fn a_stage_says_why_and_what_is_next() {
    let told = |known: &Known| {
        let (stage, reasons) = suggested(known);
        let reasons: Vec<_> =
            reasons.iter().map(|one| format!("{}{}", if one.met { "" } else { "not " }, one.code)).collect();
        format!("{stage}: {}", reasons.join(", "))
    };
    assert_eq!(told(&of(true, 0, 0)), "CLASS_PROJECT: ASSIGNMENT, not VALUE_EVIDENCE");
    assert_eq!(told(&of(false, 0, 0)), "PERSONAL_PROJECT: SELF_STARTED, not VALUE_EVIDENCE");
    let value = "VALUE_CREATION: SELF_STARTED, VALUE_EVIDENCE, not VALUE_BEFORE, not GREATER_SCOPE";
    assert_eq!(told(&of(false, 1, 0)), value);
    let rising = "RISING_SCOPE: SELF_STARTED, VALUE_EVIDENCE, VALUE_BEFORE, GREATER_SCOPE";
    assert_eq!(told(&sized((Some(4), 0), (Some(3), Some(0)))), rising);
}

#[test]
fn what_is_missing_is_named() {
    use StageReasonCode::{GreaterScope, ValueBefore, ValueEvidence};
    let nothing = of(false, 0, 0);
    assert_eq!(missing(ClassProject, &nothing), []);
    assert_eq!(missing(PersonalProject, &nothing), []);
    assert_eq!(missing(ValueCreation, &nothing), [ValueEvidence]);
    assert_eq!(missing(RisingScope, &nothing), [ValueEvidence, ValueBefore, GreaterScope]);
    assert_eq!(missing(RisingScope, &of(false, 1, 1)), [GreaterScope]);
}

#[test]
fn every_reason_is_a_sentence() {
    for kind in PersonalKind::ALL.iter().copied().map(Some).chain([None]) {
        for known in [Known { kind, ..of(false, 0, 0) }, Known { kind, ..sized((Some(4), 0), (Some(3), Some(0))) }] {
            for code in StageReasonCode::ALL {
                let says = known.says(*code);
                assert!(says.ends_with('.') && says.len() < 300, "{says}");
            }
        }
    }
}
